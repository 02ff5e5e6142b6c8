#include "unit.h"

#include <stdalign.h>

#include <mxsweep/arena.h>
#include <mxsweep/buffer.h>

/* What no allocation can give: the sum with any header wraps, or malloc refuses. */
#define TOO_MUCH (SIZE_MAX / 2 - 4096)

/* AddressSanitizer asks for its settings here: malloc returns NULL as it does without it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static bool is_zeroed(const char *memory, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (memory[i] != 0)
            return false;
    return true;
}

/* Sizes around the alignment and the size of a block. */
static struct size_row {
    const char *label;
    size_t size;
} size_rows[] = {
    {"arena: 0 bytes", 0},         {"arena: 1 byte", 1},          {"arena: 15 bytes", 15},
    {"arena: 16 bytes", 16},       {"arena: 17 bytes", 17},       {"arena: 495 bytes", 495},
    {"arena: 496 bytes", 496},     {"arena: 512 bytes", 512},     {"arena: 1008 bytes", 1008},
    {"arena: 1024 bytes", 1024},   {"arena: 4097 bytes", 4097},   {"arena: 65535 bytes", 65535},
    {"arena: 65536 bytes", 65536}, {"arena: 65537 bytes", 65537}, {"arena: 1000000 bytes", 1000000},
};

/* Each piece is aligned, zeroed and apart from the others: all are written, then all are read. */
static void gives_pieces_of_a_size(void **state)
{
    enum { PIECES = 50 };
    const struct size_row *row = *state;
    struct mxs_arena arena;
    char *pieces[PIECES];

    mxs_arena_init(&arena);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < PIECES; i++) {
            pieces[i] = mxs_arena_alloc(&arena, row->size);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            assert_true(is_zeroed(pieces[i], row->size));
            memset(pieces[i], i + 1, row->size);
        }
        for (int i = 0; i < PIECES; i++)
            for (size_t k = 0; k<row->size; k += row->size> 64 ? row->size - 1 : 1)
                assert_int_equal(pieces[i][k], i + 1);
        assert_false(arena.failed);
        assert_true(arena.bytes >= PIECES * row->size);
        mxs_arena_clear(&arena);
        assert_int_equal(arena.bytes, 0);
    }
}

static struct array_row {
    const char *label;
    size_t count, size;
    bool fits;
} array_rows[] = {
    {"array: nothing", 0, 8, true},
    {"array: of nothing", 8, 0, true},
    {"array: neither", 0, 0, true},
    {"array: huge count of nothing", SIZE_MAX, 0, true},
    {"array: nothing of a huge size", 0, SIZE_MAX, true},
    {"array: some", 3, 24, true},
    {"array: the product wraps to 0", SIZE_MAX / 2 + 1, 2, false},
    {"array: the product wraps to 8", SIZE_MAX / 8 + 2, 8, false},
    {"array: the other way round", 8, SIZE_MAX / 8 + 2, false},
    {"array: the square of 2^32", (size_t)1 << 32, (size_t)1 << 32, false},
    {"array: all there is", SIZE_MAX, 1, false},
    {"array: all there is at once", 1, SIZE_MAX, false},
};

static void gives_arrays(void **state)
{
    const struct array_row *row = *state;
    struct mxs_arena arena;
    char *memory;

    mxs_arena_init(&arena);
    memory = mxs_arena_array(&arena, row->count, row->size);
    assert_int_equal(memory != NULL, row->fits);
    assert_int_equal(arena.failed, !row->fits);
    assert_true(!row->fits || is_zeroed(memory, row->count * row->size));
    mxs_arena_clear(&arena);
}

static struct copy_row {
    const char *label;
    const char *text;
    size_t len;
} copy_rows[] = {
    {"copy: nothing", "", 0},
    {"copy: a byte", "a", 1},
    {"copy: a NUL inside", "a\0b", 3},
    {"copy: an aligned length", "0123456789abcdef", 16},
};

static void copies(void **state)
{
    const struct copy_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len), copy;
    struct mxs_arena arena;

    mxs_arena_init(&arena);
    copy = mxs_arena_copy(&arena, text);
    assert_non_null(copy.ptr);
    assert_ptr_not_equal(copy.ptr, text.ptr);
    free((char *)text.ptr);
    assert_true(mxs_slice_equal(copy, (mxs_slice){row->text, row->len}));
    assert_false(arena.failed);
    mxs_arena_clear(&arena);
}

static void copies_the_slice_of_nothing(void **state)
{
    struct mxs_arena arena;

    (void)state;
    mxs_arena_init(&arena);
    assert_non_null(mxs_arena_copy(&arena, (mxs_slice){NULL, 0}).ptr);
    assert_false(arena.failed);
    mxs_arena_clear(&arena);
}

static void remembers_a_failure(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX / 2, TOO_MUCH};
    struct mxs_arena arena;

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        mxs_arena_init(&arena);
        assert_null(mxs_arena_alloc(&arena, sizes[i]));
        mxs_arena_reset(&arena); /* an empty one forgets too */
        assert_false(arena.failed);
        assert_non_null(mxs_arena_alloc(&arena, 1));
        assert_null(mxs_arena_alloc(&arena, sizes[i]));
        assert_true(arena.failed);
        assert_non_null(mxs_arena_alloc(&arena, 1)); /* later ones may succeed */
        assert_true(arena.failed);                   /* and do not hide it */
        mxs_arena_reset(&arena);
        assert_false(arena.failed);
        assert_null(mxs_arena_alloc(&arena, sizes[i]));
        mxs_arena_clear(&arena);
        assert_false(arena.failed);
    }
}

static void forgets_but_keeps_a_block(void **state)
{
    struct mxs_arena arena;
    size_t bytes;

    (void)state;
    mxs_arena_init(&arena);
    mxs_arena_reset(&arena); /* of an empty one */
    assert_null(arena.blocks);
    for (int i = 0; i < 100; i++)
        memset(mxs_arena_alloc(&arena, 100), 0xFF, 100);
    bytes = arena.bytes;
    mxs_arena_reset(&arena);
    assert_non_null(arena.blocks);
    assert_true(arena.bytes > 0 && arena.bytes < bytes);
    bytes = arena.bytes;
    assert_true(is_zeroed(mxs_arena_alloc(&arena, 100), 100));
    assert_int_equal(arena.bytes, bytes); /* from the block that was kept */
    mxs_arena_clear(&arena);
    assert_null(arena.blocks);
    mxs_arena_clear(&arena); /* twice is no harm */
}

static void reset_arenas_do_not_grow(void **state)
{
    struct mxs_arena arena;
    size_t bytes = 0;

    (void)state;
    mxs_arena_init(&arena);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 40; i++)
            assert_non_null(mxs_arena_alloc(&arena, 64));
        if (round == 20)
            bytes = arena.bytes;
        assert_true(round < 20 || arena.bytes <= bytes);
        mxs_arena_reset(&arena);
    }
    mxs_arena_clear(&arena);
}

static struct decimal_row {
    const char *label;
    uint64_t number;
    const char *want;
} decimal_rows[] = {
    {"buffer: 0", 0, "0"},
    {"buffer: 9", 9, "9"},
    {"buffer: 10", 10, "10"},
    {"buffer: 100", 100, "100"},
    {"buffer: 4294967296", (uint64_t)UINT32_MAX + 1, "4294967296"},
    {"buffer: 2^64 - 1", UINT64_MAX, "18446744073709551615"},
};

static void writes_the_number(void **state)
{
    const struct decimal_row *row = *state;
    struct mxs_buffer buffer;

    mxs_buffer_init(&buffer);
    mxs_buffer_append_char(&buffer, '<');
    mxs_buffer_append_number(&buffer, row->number);
    mxs_buffer_append_char(&buffer, '>');
    assert_int_equal(buffer.ptr[0], '<');
    assert_int_equal(buffer.ptr[buffer.len - 1], '>');
    assert_slice_equal((mxs_slice){buffer.ptr + 1, buffer.len - 2}, row->want);
    mxs_buffer_clear(&buffer);
}

static void appends_in_order(void **state)
{
    struct mxs_buffer buffer;

    (void)state;
    mxs_buffer_init(&buffer);
    assert_int_equal(mxs_buffer_slice(&buffer).len, 0);
    mxs_buffer_append(&buffer, (mxs_slice){NULL, 0});
    mxs_buffer_append(&buffer, MXS_SLICE(""));
    assert_int_equal(buffer.len, 0);
    for (unsigned i = 0; i < 10000; i++) {
        mxs_buffer_append(&buffer, MXS_SLICE("a\0b"));
        mxs_buffer_append_char(&buffer, (char)i);
        assert_true(buffer.len <= buffer.capacity);
    }
    assert_false(buffer.failed);
    assert_int_equal(buffer.len, 40000);
    for (unsigned i = 0; i < 10000; i++) {
        assert_memory_equal(buffer.ptr + 4 * (size_t)i, "a\0b", 3);
        assert_int_equal(buffer.ptr[4 * i + 3], (char)i);
    }
    mxs_buffer_clear(&buffer);
    assert_null(buffer.ptr);
    mxs_buffer_clear(&buffer);
}

static void reserves_without_adding(void **state)
{
    static const size_t sizes[] = {0, 1, 255, 256, 257, 5000, 100000};
    struct mxs_buffer buffer;

    (void)state;
    mxs_buffer_init(&buffer);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_true(mxs_buffer_reserve(&buffer, sizes[i]));
        assert_int_equal(buffer.len, i);
        assert_true(buffer.capacity - buffer.len >= sizes[i]);
        if (sizes[i] > 0)
            memset(buffer.ptr + buffer.len, 'x', sizes[i]);
        mxs_buffer_append_char(&buffer, 'a');
    }
    assert_slice_equal(mxs_buffer_slice(&buffer), "aaaaaaa");
    mxs_buffer_clear(&buffer);
}

static void keeps_what_it_has_when_memory_is_out(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 3, SIZE_MAX / 2, SIZE_MAX / 4};
    struct mxs_buffer buffer;

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        mxs_buffer_init(&buffer);
        mxs_buffer_append(&buffer, MXS_SLICE("abc"));
        assert_false(mxs_buffer_reserve(&buffer, sizes[i]));
        assert_true(buffer.failed);
        mxs_buffer_append(&buffer, MXS_SLICE("d"));
        mxs_buffer_append_char(&buffer, 'e');
        mxs_buffer_append_number(&buffer, 6);
        assert_false(mxs_buffer_reserve(&buffer, 1));
        assert_slice_equal(mxs_buffer_slice(&buffer), "abc");
        mxs_buffer_reset(&buffer);
        assert_false(buffer.failed);
        assert_int_equal(buffer.len, 0);
        assert_true(buffer.capacity > 0);
        mxs_buffer_append_char(&buffer, 'f');
        assert_slice_equal(mxs_buffer_slice(&buffer), "f");
        mxs_buffer_clear(&buffer);
    }
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(copies_the_slice_of_nothing),
        cmocka_unit_test(remembers_a_failure),
        cmocka_unit_test(forgets_but_keeps_a_block),
        cmocka_unit_test(reset_arenas_do_not_grow),
        cmocka_unit_test(appends_in_order),
        cmocka_unit_test(reserves_without_adding),
        cmocka_unit_test(keeps_what_it_has_when_memory_is_out),
    };
    struct CMUnitTest tests[COUNT(size_rows) + COUNT(array_rows) + COUNT(copy_rows) +
                            COUNT(decimal_rows) + COUNT(others)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(size_rows); i++)
        tests[count++] = (struct CMUnitTest){size_rows[i].label, gives_pieces_of_a_size, NULL, NULL,
                                             &size_rows[i]};
    for (size_t i = 0; i < COUNT(array_rows); i++)
        tests[count++] =
            (struct CMUnitTest){array_rows[i].label, gives_arrays, NULL, NULL, &array_rows[i]};
    for (size_t i = 0; i < COUNT(copy_rows); i++)
        tests[count++] = (struct CMUnitTest){copy_rows[i].label, copies, NULL, NULL, &copy_rows[i]};
    for (size_t i = 0; i < COUNT(decimal_rows); i++)
        tests[count++] = (struct CMUnitTest){decimal_rows[i].label, writes_the_number, NULL, NULL,
                                             &decimal_rows[i]};
    memcpy(tests + count, others, sizeof others);
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
