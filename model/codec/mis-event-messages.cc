// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The messages of the event service, compiled.
 */
#include "mis-event-messages.h"

#include "mis-message-codec.h"

MIS_INSTANTIATE_MESSAGE(ns3::mis::LinkDetectedIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LinkUpIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LinkDownIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LinkParametersReportIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LinkGoingDownIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::EventSubscribeRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::EventSubscribeResponse);
