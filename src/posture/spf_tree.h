/*
 * The records that a domain's SPF record leads to, and the answers their terms rest on. RFC 7208
 * sections 5 and 6; rules sections 6.a and 17.4. Internal to src/posture.
 *
 * Gathered level by level: a level is asked only when nothing of the level above is pending, so
 * which questions are asked, and which a bound cuts off, does not depend on what was cached.
 */
#ifndef SRC_POSTURE_SPF_TREE_H
#define SRC_POSTURE_SPF_TREE_H

#include <mxsweep/spf_check.h>
#include <mxsweep/spf_shape.h>

#include "posture/spf_records.h"
#include "posture/spf_sets.h"

enum {
    MXS_SPF_NODES_MAX = 64,     /* distinct names, rules section 17.4 */
    MXS_SPF_EXPANDED_MAX = 50,  /* terms with a look-up that are followed, same place */
    MXS_SPF_QUESTIONS_MAX = 72, /* of the tree: a share of MXS_QUESTIONS_MAX */
    MXS_SPF_DEAD_MAX = 4,       /* names that do not exist whose parents are asked for */
    MXS_SPF_CLIMB_MAX = 4,      /* ancestors of each that are asked for */
};

/* A family of addresses, as an index. */
enum mxs_spf_family { MXS_SPF_IPV4, MXS_SPF_IPV6, MXS_SPF_FAMILIES };

struct mxs_spf_node;

/* A term with a look-up; by family, because %{v} makes a target differ. */
struct mxs_spf_link {
    const struct mxs_spf_term *term;
    bool dynamic;                                       /* what it matches depends on the message */
    struct mxs_name targets[MXS_SPF_FAMILIES];          /* zeroed: no name can be made of it */
    struct mxs_spf_node *children[MXS_SPF_FAMILIES];    /* include, redirect */
    const struct mxs_answer *answers[MXS_SPF_FAMILIES]; /* a: A and AAAA; mx: MX; exists: A */
    const struct mxs_answer **hosts[MXS_SPF_FAMILIES];  /* mx: its exchanges' addresses */
    /* of the children, as the record in hand sees them; NULL: it is on the way there, a loop */
    const struct mxs_spf_summary *summaries[MXS_SPF_FAMILIES];
};

/* A record at a name. Its links are the terms before "all", and a redirect that counts. */
struct mxs_spf_node {
    struct mxs_name name;
    const struct mxs_spf_source *source;
    struct mxs_spf_link *links;
    unsigned link_count;
    bool opened, hosts_asked;
    const struct mxs_spf_summary *summary; /* the newest; NULL: none yet */
    bool summarised;                       /* and it holds from wherever one comes */
    unsigned depth;                        /* while it is being summarised, from 1 */
    bool on_path, reported;                /* of the walk that reports */
};

/* A target that does not exist, and what is known of its ancestors. */
struct mxs_spf_dead {
    struct mxs_name name;
    bool registrable;                 /* the first ancestor that exists is a top-level domain */
    const struct mxs_answer *failure; /* the question that failed on the way, or NULL */
};

struct mxs_spf_tree {
    struct mxs_arena *arena;
    struct mxs_spf_asker asker, climber;
    struct mxs_spf_records records;
    struct mxs_spf_node *nodes[MXS_SPF_NODES_MAX];
    unsigned node_count, expanded;
    struct mxs_spf_dead dead[MXS_SPF_DEAD_MAX];
    unsigned dead_count;
    size_t work_left; /* intervals that may still be looked at */
    unsigned
        summaries_left; /* records that may still be summarised: loops are gone through again */
    unsigned depth;     /* records that are being summarised */
};

void mxs_spf_tree_init(struct mxs_spf_tree *tree, struct mxs_arena *arena,
                       struct mxs_answers *answers);
/*
 * Asks for all that the record at `name` leads to; the root is nodes[0]. False while something is
 * pending (or memory is out), and the tree is not whole.
 */
bool mxs_spf_tree_gather(struct mxs_spf_tree *tree, struct mxs_name name);
/* Asks which dead targets anyone could register: rules section 6.c row 42. False: pending. */
bool mxs_spf_tree_climb(struct mxs_spf_tree *tree);
/* What was learned of a dead target, or NULL. */
const struct mxs_spf_dead *mxs_spf_tree_dead(const struct mxs_spf_tree *tree, struct mxs_name name);
/* The name that a target's answer says does not exist, zeroed when it says no such thing. */
struct mxs_name mxs_spf_dead_name(const struct mxs_answer *answer);

#endif
