// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Runner of the test suites for builds against an installed ns-3, which ships no test-runner.
 */

#include "ns3/test.h"

int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
