/*
 * A reply packet of any bytes. The first octet chooses the validator's word and the question's
 * type, the rest is the packet; packet_properties() says what must hold.
 */
#include <mxsweep/packet.h>

#include "../unit/packet_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "ex.com", and "." for one in two. */
static const uint8_t ex_com[] = "\2ex\3com";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t types[] = {MXS_TYPE_A,     MXS_TYPE_AAAA, MXS_TYPE_MX, MXS_TYPE_TXT,
                                     MXS_TYPE_CNAME, MXS_TYPE_PTR,  MXS_TYPE_NS, MXS_TYPE_TLSA};
    const struct mxs_name name = {ex_com, sizeof ex_com, 2};
    struct mxs_packet packet = {.why_bogus = {"bogus", 5}};

    if (size == 0)
        return 0;
    packet.dnssec = (enum mxs_dnssec)(data[0] & 3);
    packet.bytes = data + 1;
    packet.len = size - 1;
    packet_properties(&packet, (data[0] & 4) != 0 ? mxs_name_root : name, types[data[0] >> 5]);
    return 0;
}
