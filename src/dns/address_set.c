#include <mxsweep/address_set.h>

static const struct mxs_u128 zero = {0, 0};

static struct mxs_u128 last_of(uint8_t family)
{
    return family == 4 ? (struct mxs_u128){0, UINT32_MAX}
                       : (struct mxs_u128){UINT64_MAX, UINT64_MAX};
}

static int compare(struct mxs_u128 a, struct mxs_u128 b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

static bool less(struct mxs_u128 a, struct mxs_u128 b)
{
    return compare(a, b) < 0;
}

static struct mxs_u128 next(struct mxs_u128 a)
{
    a.low++;
    a.high += a.low == 0;
    return a;
}

static struct mxs_u128 previous(struct mxs_u128 a)
{
    a.high -= a.low == 0;
    a.low--;
    return a;
}

static struct mxs_u128 number_of(const struct mxs_address *address)
{
    struct mxs_u128 number = zero;

    for (unsigned i = 0; i < address->len; i++) {
        number.high = number.high << 8 | number.low >> 56;
        number.low = number.low << 8 | address->octets[i];
    }
    return number;
}

/* The lowest `bits` bits set, at most 128. */
static struct mxs_u128 host_bits(unsigned bits)
{
    struct mxs_u128 mask = zero;

    if (bits >= 64)
        mask.low = UINT64_MAX;
    else
        mask.low = (UINT64_C(1) << bits) - 1;
    if (bits >= 128)
        mask.high = UINT64_MAX;
    else if (bits > 64)
        mask.high = (UINT64_C(1) << (bits - 64)) - 1;
    return mask;
}

/* A list being made in order; with `intervals` NULL it is only counted. */
struct output {
    struct mxs_interval *intervals;
    size_t count;
    struct mxs_u128 last; /* of the newest interval */
};

/* Adds what begins at or after the newest interval's first; what touches it is joined to it. */
static void emit(struct output *output, struct mxs_u128 first, struct mxs_u128 last)
{
    bool joins = output->count > 0 &&
                 (!less(output->last, first) || compare(next(output->last), first) == 0);

    if (joins && !less(output->last, last))
        return;
    output->last = last;
    if (joins) {
        if (output->intervals != NULL)
            output->intervals[output->count - 1].last = last;
        return;
    }
    if (output->intervals != NULL)
        output->intervals[output->count] = (struct mxs_interval){first, last};
    output->count++;
}

typedef void merge(const struct mxs_address_set *a, const struct mxs_address_set *b,
                   struct output *output);

/* Runs `merge_sets` twice: to count, and to fill a list of exactly that size. */
static struct mxs_address_set make(struct mxs_arena *arena, merge *merge_sets,
                                   const struct mxs_address_set *a, const struct mxs_address_set *b)
{
    struct mxs_address_set set = {.family = a->family,
                                  .over_limit = a->over_limit || b->over_limit};
    struct output output = {0};

    if (set.over_limit)
        return set;
    merge_sets(a, b, &output);
    if (output.count > MXS_ADDRESS_SET_MAX) {
        set.over_limit = true;
        return set;
    }
    if (output.count == 0)
        return set;
    output.intervals = mxs_arena_array(arena, output.count, sizeof *output.intervals);
    if (output.intervals == NULL)
        return set;
    output.count = 0;
    merge_sets(a, b, &output);
    set.intervals = output.intervals;
    set.count = output.count;
    return set;
}

static void merge_union(const struct mxs_address_set *a, const struct mxs_address_set *b,
                        struct output *output)
{
    size_t i = 0, k = 0;

    while (i < a->count || k < b->count) {
        bool from_a =
            k == b->count || (i < a->count && !less(b->intervals[k].first, a->intervals[i].first));
        const struct mxs_interval *taken = from_a ? &a->intervals[i++] : &b->intervals[k++];
        emit(output, taken->first, taken->last);
    }
}

static void merge_intersect(const struct mxs_address_set *a, const struct mxs_address_set *b,
                            struct output *output)
{
    size_t i = 0, k = 0;

    while (i < a->count && k < b->count) {
        const struct mxs_interval *x = &a->intervals[i], *y = &b->intervals[k];
        struct mxs_u128 first = less(x->first, y->first) ? y->first : x->first;
        struct mxs_u128 last = less(x->last, y->last) ? x->last : y->last;
        if (!less(last, first))
            emit(output, first, last);
        if (less(x->last, y->last))
            i++;
        else
            k++;
    }
}

static void merge_subtract(const struct mxs_address_set *a, const struct mxs_address_set *b,
                           struct output *output)
{
    size_t k = 0;

    for (size_t i = 0; i < a->count; i++) {
        struct mxs_u128 first = a->intervals[i].first, last = a->intervals[i].last;
        bool left = true; /* something of the interval, from `first` on */
        while (k < b->count && less(b->intervals[k].last, first))
            k++;
        for (size_t at = k; left && at < b->count && !less(last, b->intervals[at].first); at++) {
            if (less(first, b->intervals[at].first))
                emit(output, first, previous(b->intervals[at].first));
            left = less(b->intervals[at].last, last);
            if (left)
                first = next(b->intervals[at].last);
            k = at;
        }
        if (left)
            emit(output, first, last);
    }
}

struct mxs_address_set mxs_address_set_empty(uint8_t family)
{
    return (struct mxs_address_set){.family = family};
}

static struct mxs_address_set of_interval(struct mxs_arena *arena, uint8_t family,
                                          struct mxs_interval interval)
{
    struct mxs_address_set set = {.family = family};
    struct mxs_interval *copy = mxs_arena_alloc(arena, sizeof *copy);

    if (copy == NULL)
        return set;
    *copy = interval;
    set.intervals = copy;
    set.count = 1;
    return set;
}

struct mxs_address_set mxs_address_set_all(struct mxs_arena *arena, uint8_t family)
{
    return of_interval(arena, family, (struct mxs_interval){zero, last_of(family)});
}

struct mxs_address_set mxs_address_set_block(struct mxs_arena *arena,
                                             const struct mxs_address *address, unsigned prefix_len)
{
    unsigned bits = address->len * 8U;
    struct mxs_u128 mask = host_bits(prefix_len < bits ? bits - prefix_len : 0);
    struct mxs_u128 number = number_of(address);
    struct mxs_interval interval = {{number.high & ~mask.high, number.low & ~mask.low},
                                    {number.high | mask.high, number.low | mask.low}};

    return of_interval(arena, address->len == 4 ? 4 : 6, interval);
}

static bool is_all(const struct mxs_address_set *set)
{
    return !set->over_limit && set->count == 1 && compare(set->intervals[0].first, zero) == 0 &&
           compare(set->intervals[0].last, last_of(set->family)) == 0;
}

struct mxs_address_set mxs_address_set_union(struct mxs_arena *arena,
                                             const struct mxs_address_set *a,
                                             const struct mxs_address_set *b)
{
    if (!a->over_limit && !b->over_limit) {
        if (b->count == 0 || is_all(a))
            return *a;
        if (a->count == 0 || is_all(b))
            return *b;
    }
    return make(arena, merge_union, a, b);
}

struct mxs_address_set mxs_address_set_intersect(struct mxs_arena *arena,
                                                 const struct mxs_address_set *a,
                                                 const struct mxs_address_set *b)
{
    if (!a->over_limit && is_all(b))
        return *a;
    if (!b->over_limit && is_all(a))
        return *b;
    return make(arena, merge_intersect, a, b);
}

struct mxs_address_set mxs_address_set_subtract(struct mxs_arena *arena,
                                                const struct mxs_address_set *a,
                                                const struct mxs_address_set *b)
{
    if (!b->over_limit && b->count == 0)
        return *a;
    return make(arena, merge_subtract, a, b);
}

bool mxs_address_set_is_empty(const struct mxs_address_set *set)
{
    return set->count == 0 && !set->over_limit;
}

bool mxs_address_set_contains(const struct mxs_address_set *set, const struct mxs_address *address)
{
    struct mxs_u128 number = number_of(address);
    size_t low = 0, high = set->count;

    if ((address->len == 4) != (set->family == 4))
        return false;
    while (low < high) { /* the first interval that ends at or after the address */
        size_t middle = low + (high - low) / 2;
        if (less(set->intervals[middle].last, number))
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count && !less(number, set->intervals[low].first);
}

uint64_t mxs_address_set_count_ipv4(const struct mxs_address_set *set)
{
    uint64_t count = 0;

    for (size_t i = 0; i < set->count; i++)
        count += set->intervals[i].last.low - set->intervals[i].first.low + 1;
    return count;
}

uint64_t mxs_address_set_count_64s(const struct mxs_address_set *set)
{
    uint64_t count = 0, counted_to = 0;

    for (size_t i = 0; i < set->count; i++) {
        uint64_t first = set->intervals[i].first.high, last = set->intervals[i].last.high;
        if (i > 0 && first == counted_to) { /* its first /64 is the one counted last */
            if (first == last)
                continue;
            first++;
        }
        if (last - first == UINT64_MAX) /* all 2^64 */
            return UINT64_MAX;
        count += last - first + 1;
        counted_to = last;
    }
    return count;
}
