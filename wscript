# SPDX-License-Identifier: GPL-2.0-only
#
# Build of mis-prereg in waf trees (ns-3.35 and earlier 3.3x). Same rules as CMakeLists.txt: files by
# folder, "// ns3-modules: wifi lte" in a file marks an optional part, "// ns3-headers: x.h" one that
# needs a newer ns-3.

import os
import re

MODULE = 'mis-prereg'
REQUIRED = ['core', 'network', 'internet', 'point-to-point', 'virtual-net-device', 'applications',
            'flow-monitor']

BOOST_CHECK = '''
#include <boost/version.hpp>
#if BOOST_VERSION < 108100
#error too old
#endif
int main() { return 0; }
'''


def configure(conf):
    missing = []
    if not conf.check_cfg(package='openssl', args=['openssl >= 3.0', '--cflags', '--libs'],
                          uselib_store='MIS_OPENSSL', mandatory=False):
        missing.append('OpenSSL >= 3.0')
    if not conf.check_cxx(fragment=BOOST_CHECK, msg='Checking for Boost >= 1.81', use='BOOST',
                          execute=False, mandatory=False):
        missing.append('Boost >= 1.81')
    reason = 'needs ' + ', '.join(missing)
    conf.report_optional_feature(MODULE, 'MIS preregistration', not missing, reason)
    if missing:
        conf.env.append_value('MODULES_NOT_BUILT', [MODULE])


def _text(node):
    with open(node.abspath(), encoding='utf-8') as file:
        return file.read()


def _needed(node):
    return _marked(node, 'ns3-modules')


def _marked(node, what):
    match = re.search(r'^// %s:(.*)$' % what, _text(node), re.M)
    return match.group(1).split() if match else []


def _has_header(bld, header):
    return bool(bld.srcnode.ant_glob('src/*/model/' + header))


def _files(bld, *patterns):
    """Files that fit, sorted, with the optional ns-3 modules they use."""
    present = [name[len('ns3-'):] for name in bld.env['NS3_ENABLED_MODULES']]
    files, modules = [], []
    for node in sorted(bld.path.ant_glob(list(patterns)), key=lambda n: n.abspath()):
        needed = _needed(node)
        headers = _marked(node, 'ns3-headers')
        if all(module in present for module in needed) and all(
                _has_header(bld, header) for header in headers):
            files.append(node)
            modules += [module for module in needed if module not in modules]
    return files, modules


def _relative(bld, nodes):
    return [node.path_from(bld.path) for node in nodes]


def build(bld):
    sources, optional = _files(bld, 'model/*/*.cc', 'helper/*.cc')
    module = bld.create_ns3_module(MODULE, REQUIRED + optional)
    module.source = _relative(bld, sources)
    module.use.extend(['MIS_OPENSSL', 'BOOST'])

    headers = bld(features='ns3header')
    headers.module = MODULE
    headers.source = _relative(bld, [
        node for node in _files(bld, 'model/*/*.h', 'helper/*.h')[0]
        # OpenSSL types stay behind the crypto layer.
        if not re.search(r'^#include <openssl/', _text(node), re.M)])

    tests, extra = _files(bld, 'test/*.cc')
    test = bld.create_ns3_module_test_library(MODULE)
    test.source = _relative(bld, tests)
    test.use.extend(['ns3-' + name for name in extra] + ['MIS_OPENSSL', 'BOOST'])
    test.defines = ['MIS_SOURCE_DIR="%s"' % bld.path.abspath(),
                    'MIS_TEST_EXTENSIVE=TestCase::EXTENSIVE']

    if bld.env['ENABLE_EXAMPLES']:
        for node in _files(bld, 'examples/*.cc')[0]:
            name = os.path.splitext(node.name)[0]
            program = bld.create_ns3_program(name, REQUIRED + [MODULE] + _needed(node))
            program.source = 'examples/' + node.name
            # test.py looks for examples in this folder.
            program.target = 'examples/' + program.target
