#include "question_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole file with a NUL behind; NULL with the error set. */
static char *read_file(const char *path, struct error *error)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    long size = -1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0)
        text = malloc((size_t)size + 1);
    if (text != NULL) {
        rewind(file);
        text[fread(text, 1, (size_t)size, file)] = '\0';
    }
    if (text == NULL)
        (void)error_set_errno(error, errno, "%s", path);
    if (file != NULL)
        (void)fclose(file);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        count++;
    return count;
}

/* Reads a number and the blank behind it. */
static bool read_number(char **at, uint64_t *number)
{
    char *end;

    *number = strtoull(*at, &end, 10);
    if (end == *at || *end != ' ')
        return false;
    *at = end + 1;
    return true;
}

/* `worker number after sent answered outcome type name`; gives the name its dot and its NUL. */
static bool read_line(char *line, char *end, struct logged *question)
{
    uint64_t sent, answered, type;

    if (!read_number(&line, &question->worker) || !read_number(&line, &question->number) ||
        !read_number(&line, &question->after) || !read_number(&line, &sent) ||
        !read_number(&line, &answered) || line >= end)
        return false;
    line = memchr(line, ' ', (size_t)(end - line)); /* past the outcome */
    if (line == NULL)
        return false;
    line++;
    if (!read_number(&line, &type) || type > UINT16_MAX || line > end)
        return false;
    question->type = (int)type;
    /* The name begins a byte early, so that there is room for the dot. */
    question->name = line - 1;
    memmove(line - 1, line, (size_t)(end - line));
    end[-1] = '.';
    *end = '\0';
    if (end - line == 1 && *question->name == '.')
        question->name[1] = '\0'; /* the root has no second dot */
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct logged *a = left, *b = right;

    if (a->worker != b->worker)
        return a->worker < b->worker ? -1 : 1;
    return a->number == b->number ? 0 : a->number < b->number ? -1 : 1;
}

/* Numbers run from 1 without a gap unless a line was lost: then a search finds what is there. */
static struct logged *find(const struct question_list *list, uint64_t number)
{
    struct logged key = {.worker = list->items[0].worker, .number = number};

    if (number >= 1 && number <= list->count && list->items[number - 1].number == number)
        return &list->items[number - 1];
    return bsearch(&key, list->items, list->count, sizeof key, compare);
}

/* From the last to the first, so that each chain is in the order of sending. */
static void link_list(struct question_list *list)
{
    for (size_t i = list->count; i-- > 0;) {
        struct logged *question = &list->items[i];
        struct logged *before = question->after == 0 ? NULL : find(list, question->after);
        if (before == NULL || before >= question) {
            question->after = 0;
            continue;
        }
        question->next_after = before->first_after;
        before->first_after = question;
    }
}

static bool split(struct question_lists *lists, size_t count)
{
    for (size_t i = 0; i < count; i++)
        lists->count += i == 0 || lists->questions[i].worker != lists->questions[i - 1].worker;
    lists->items = calloc(lists->count, sizeof *lists->items);
    if (lists->items == NULL)
        return false;
    lists->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || lists->questions[i].worker != lists->questions[i - 1].worker)
            lists->items[lists->count++].items = &lists->questions[i];
        lists->items[lists->count - 1].count++;
    }
    for (size_t i = 0; i < lists->count; i++)
        link_list(&lists->items[i]);
    return true;
}

static bool read_questions(struct question_lists *lists, size_t count, const char *path,
                           struct error *error)
{
    char *line = lists->text;

    for (size_t i = 0; i < count; i++) {
        char *end = strchr(line, '\n');
        if (!read_line(line, end, &lists->questions[i]))
            return error_set(error, "%s: line %zu is none of a question log", path, i + 1);
        line = end + 1;
    }
    qsort(lists->questions, count, sizeof *lists->questions, compare);
    return split(lists, count) || error_set(error, "out of memory");
}

bool question_lists_read(struct question_lists *lists, const char *path, struct error *error)
{
    size_t count;
    bool read;

    *lists = (struct question_lists){0};
    lists->text = read_file(path, error);
    if (lists->text == NULL)
        return false;
    count = count_lines(lists->text);
    lists->questions = calloc(count + 1, sizeof *lists->questions);
    if (count == 0)
        read = error_set(error, "%s: no question", path);
    else if (lists->questions == NULL)
        read = error_set(error, "out of memory");
    else
        read = read_questions(lists, count, path, error);
    if (!read)
        question_lists_clear(lists);
    return read;
}

void question_lists_clear(struct question_lists *lists)
{
    free(lists->items);
    free(lists->questions);
    free(lists->text);
    *lists = (struct question_lists){0};
}
