// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The messages of group management, compiled.
 */
#include "mis-group-messages.h"

#include "mis-message-codec.h"

MIS_INSTANTIATE_MESSAGE(ns3::mis::GroupKeyRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::GroupKeyResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::NetGroupManipulateRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::NetGroupManipulateIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::NetGroupManipulateResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnGroupManipulateRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::MnGroupManipulateResponse);
