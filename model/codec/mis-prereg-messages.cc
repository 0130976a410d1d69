// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The messages of the preregistration and of the handover, compiled.
 */
#include "mis-prereg-messages.h"

#include "mis-message-codec.h"

MIS_INSTANTIATE_MESSAGE(ns3::mis::PreregXferRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::PreregXferResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nPreregXferRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nPreregXferResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnHoCommitRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnHoCommitResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::NetHoCommitRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::NetHoCommitResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nHoCommitRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nHoCommitResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnHoCompleteRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnHoCompleteResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nHoCompleteRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::N2nHoCompleteResponse);
