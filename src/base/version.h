// SPDX-License-Identifier: MIT
//
// Which bits this build answers with. The version (meson.build) tells users; between two versions
// development goes on, and a checkpoint must not be gone on with by a build whose futures differ.
#pragma once

// Raised by 1 with every change that alters the last bit of any answer, however little, or what a
// checkpoint holds. tests/cli/bits.py notices the first. CONTRIBUTING.md, Determinism.
#define CASUS_BITS 8
