#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only

# A list of C++ examples to run in order to ensure that they remain
# buildable and runnable over time.  Each tuple in the list contains
#
#     (example_name, do_run, do_valgrind_run).
#
# See test.py for more information.
cpp_examples = [
    ("compare-remedies --runs=1 --out=compare-remedies", "True", "False"),
    (
        "establishment-matrix --runs=1 --mn-auth=static,tls --n2n=static"
        " --out=establishment-matrix",
        "True",
        "False",
    ),
    ("heterogeneous-handover --links=profile --traffic=voip", "True", "False"),
    ("minimal-preregistration", "True", "False"),
    ("validate-eap", "True", "False"),
    ("campus --remedies=remedy1 --runs=1 --out=campus", "True", "False"),
    ("highway --remedies=remedy1 --runs=1 --out=highway", "True", "False"),
    ("operators --runs=1 --delays=10,100 --out=operators", "True", "False"),
    ("train-group --runs=1 --sizes=2,16 --out=train-group", "True", "False"),
]

# A list of Python examples to run in order to ensure that they remain
# runnable over time.  Each tuple in the list contains
#
#     (example_name, do_run).
#
# See test.py for more information.
python_examples = []
