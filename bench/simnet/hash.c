#include "hash.h"

#include <string.h>

uint64_t hash_bytes(uint64_t seed, const uint8_t *bytes, size_t len)
{
    uint64_t hash = seed ^ (len * UINT64_C(0xff51afd7ed558ccd)), word;

    for (; len >= sizeof word; bytes += sizeof word, len -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, bytes, len);
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash_mix(hash, 0x5157);
}
