# SPDX-License-Identifier: GPL-2.0-only
#
# The manual; `./mis docs` builds it.

project = 'mis-prereg'
author = 'The mis-prereg authors'
copyright = 'The mis-prereg authors'
version = release = '0.1.0'

master_doc = 'index'
exclude_patterns = []
html_theme = 'alabaster'
html_theme_options = {
    'description': 'IEEE 802.21 preregistration and its key delivery in ns-3',
    'page_width': '1100px',
}
html_show_sourcelink = False

rst_epilog = '.. |ns3| replace:: *ns-3*'
