# One set of flags for everything we compile; none is waived for a file.
add_library(mxsweep_flags INTERFACE)
target_compile_options(mxsweep_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes
    -Wwrite-strings -Wvla
    -fstack-protector-strong
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
option(MXSWEEP_WERROR "Warnings are errors, as in scripts/lint" OFF)
if(MXSWEEP_WERROR)
    target_compile_options(mxsweep_flags INTERFACE -Werror)
endif()
target_compile_definitions(mxsweep_flags INTERFACE _POSIX_C_SOURCE=200809L)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_compile_options(mxsweep_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    target_link_options(mxsweep_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
