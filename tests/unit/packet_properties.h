/* What holds for every packet whatever its bytes: for the unit test and the fuzzer. */
#ifndef TESTS_PACKET_PROPERTIES_H
#define TESTS_PACKET_PROPERTIES_H

#include <mxsweep/packet.h>

/* Reads `packet` twice as the reply to (`name`, `type`); aborts when a property does not hold. */
void packet_properties(const struct mxs_packet *packet, struct mxs_name name, uint16_t type);

#endif
