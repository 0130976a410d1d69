// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The messages of IEEE 802.21a, compiled.
 */
#include "mis-auth-messages.h"

#include "mis-message-codec.h"

MIS_INSTANTIATE_MESSAGE(ns3::mis::AuthIndication);
MIS_INSTANTIATE_MESSAGE(ns3::mis::AuthRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::AuthResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::TerminationAuthRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::TerminationAuthResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::PushKeyRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::PushKeyResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LlAuthRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::LlAuthResponse);
MIS_INSTANTIATE_MESSAGE(ns3::mis::CapabilityDiscoverRequest);
MIS_INSTANTIATE_MESSAGE(ns3::mis::CapabilityDiscoverResponse);
