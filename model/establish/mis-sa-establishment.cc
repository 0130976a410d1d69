// SPDX-License-Identifier: GPL-2.0-only

#include "mis-sa-establishment.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(SaEstablishment);

TypeId
SaEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::SaEstablishment").SetParent<SaProvider>().SetGroupName("MisPrereg");
    return tid;
}

void
SaEstablishment::Serve(Misf&)
{
}

void
SaEstablishment::OnAuthRequest(Misf& misf, const ReceivedMessage& message, const AuthRequest&)
{
    misf.Refuse(message);
}

void
SaEstablishment::SetCredentials(Ptr<CredentialStore>)
{
}

void
SaEstablishment::SetAaaServer(const MisfId&, const Address&)
{
}

void
SaEstablishment::SetLocalAaaServer(const MisfId&, const MisfId&, const Address&)
{
}

int64_t
SaEstablishment::AssignStreams(int64_t)
{
    return 0;
}

} // namespace ns3::mis
