/**
 * What the shared object shows. Everything else in libmxsweep is hidden.
 */
#ifndef MXSWEEP_API_H
#define MXSWEEP_API_H

#define MXS_API __attribute__((visibility("default")))

#endif
