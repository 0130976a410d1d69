// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Latencies of EAP-GPSK in full, re-authenticated and pre-authenticated, beside those that
 * Izquierdo and Golmie have published.
 */

#include "validate-eap.h"

#include "ns3/mis-program-options.h"

#include <iomanip>
#include <iostream>

using namespace ns3::mis::validation;

namespace
{

void
PrintRow(const char* access, const std::string& figure, double published, double ours)
{
    std::cout << std::left << std::setw(8) << access << std::setw(46) << figure << std::right
              << std::fixed << std::setprecision(2) << std::setw(10) << published << std::setw(10)
              << ours << std::setw(8) << ours / published << '\n';
}

} // namespace

int
main(int argc, char* argv[])
{
    ns3::mis::ProgramOptions program("validate-eap",
                                     "Latencies of EAP-GPSK beside published ones.");
    for (const auto* name : {"RngSeed",
                             "RngRun",
                             "ns3::mis::MobileNode::Remedy",
                             "ns3::mis::PointOfService::Remedy",
                             "ns3::mis::Misf::DeviceProfile",
                             "ns3::mis::MobileNode::HandshakeExchanges",
                             "ns3::mis::EapEstablishment::Method",
                             "ns3::mis::EapEstablishment::IdentityRequest"})
    {
        program.Own(name, "the program");
    }
    program.Parse(argc, argv);
    std::cout << std::left << std::setw(8) << "access" << std::setw(46) << "figure, ms"
              << std::right << std::setw(10) << "published" << std::setw(10) << "ours"
              << std::setw(8) << "ratio" << '\n';
    for (const auto& access : ACCESSES)
    {
        const auto found = MeasureAll(access);
        if (!found)
        {
            program.Fail(std::string("an authentication over ") + access.name + " has failed");
        }
        const auto row = [&](const std::string& figure, double published, double ours) {
            PrintRow(access.name, figure, published, ours);
        };
        const double full = found->full.signalling + FULL_CRYPTO_MS;
        const double again = found->again.signalling + AGAIN_CRYPTO_MS;
        const double ahead = found->ahead.signalling;
        row("in full: EAP", access.fullEap, found->full.eap + FULL_CRYPTO_MS);
        row("in full: signalling", access.full, full);
        row("re-authentication: EAP", access.againEap, found->again.eap + AGAIN_CRYPTO_MS);
        row("re-authentication: signalling", access.again, again);
        row("pre-authenticated: signalling after the move", access.ahead, ahead);
        row("in full / re-authentication", access.full / access.again, full / again);
        row("in full / pre-authenticated", access.full / access.ahead, full / ahead);
        row("re-authentication / pre-authenticated", access.again / access.ahead, again / ahead);
        if (access.aheadEap > 0)
        {
            row("pre-authenticated: EAP before the move",
                access.aheadEap,
                found->ahead.eap + FULL_CRYPTO_MS);
        }
        row("in full: cryptography, by operations", FULL_CRYPTO_MS, found->cryptoMs);
        std::cout << "        one way MN - PoS " << access.mptMs << " ms, PoS - server "
                  << access.pstMs << " ms, " << 2 * access.exchanges
                  << " messages on the new link\n";
    }
    return 0;
}
