"""What the bench says: goals, a table for a person, a chart for the README."""

MIB = 1 << 20
WORLD_WORDS = {"unsigned": "no DNSSEC", "signed": "validating"}


def goal(what, value, limit):
    return {"goal": what, "value": value, "limit": limit, "met": value <= limit}


def memory_goals(growth, name):
    peaks = {row["domains"]: row["memory_peak"] for row in growth}
    goals = [goal(f"{name}: MiB of a worker at most", max(peaks.values()) / MIB, 150)]
    if 100_000 in peaks and 400_000 in peaks:
        moved = abs(peaks[400_000] / peaks[100_000] - 1)
        goals.append(goal(f"{name}: memory at 400,000 names against 100,000", moved, 0.10))
    return goals


def make_goals(worlds):
    """The figures that count as done; see README.md."""
    goals = []
    for name, world in worlds.items():
        one = world["pairs"][0]
        # of the pairs, where simnet has signed all names before, or of a first sweep: the larger
        shares = [one["simnet_us"] / one["sweep_us"]]
        shares += [row["simnet_share"] for row in world.get("growth", [])]
        goals += [
            goal(f"{name}: CPU over the floor's", one["ratio"], 1.25),
            goal(f"{name}: simnet's CPU over the sweep's", max(shares), 1 / 3),
            goal(f"{name}: unknown lines, nothing having failed", one["unknown_lines"], 0),
        ]
        if world.get("growth"):
            goals += memory_goals(world["growth"], name)
    return goals


def parts(world):
    """Microseconds a domain of the sweep that the floor has not, by what they are for."""
    one, micro = world["pairs"][0], world["micro"]
    known = {
        "reading packets": micro["packets_us"],
        "judging, look-ups in the answer cache": micro["judge_us"],
        "writing JSON": micro["json_us"],
        "zstd": micro["zstd_us"],
        "reading names (IDNA, suffixes)": micro["name_us"],
    }
    if world.get("growth"):
        known["supervisor"] = world["growth"][-1]["supervisor_us"]
    rest = one["sweep_us"] - one["floor_us"] - sum(known.values())
    return known | {"rest (cold caches, entries, sandbox filter, messages, noise)": rest}


def pair_lines(one):
    yield (
        f"  {one['workers']} worker{'s' * (one['workers'] > 1)}, {one['ports']} ports each, "
        f"{one['domains']:,} names, {one['pairs']} pairs:"
    )
    yield (
        f"    mxsweep {one['sweep_us']:.0f} us a domain "
        f"({one['sweep_user_us']:.0f} user, {one['sweep_system_us']:.0f} system), "
        f"floor {one['floor_us']:.0f} us ({one['floor_user_us']:.0f} user, "
        f"{one['floor_system_us']:.0f} system)"
    )
    verdict = "" if one["judged"] else "; NOT JUDGED: the machine was not steady"
    yield (
        f"    ratio {one['ratio']:.3f} ({one['ratio_least']:.3f} to {one['ratio_most']:.3f}"
        f"{verdict}), {one['pairs_thrown_away']} pairs thrown away"
    )
    yield (
        f"    {one['sweep_questions'] / one['domains']:.2f} questions and "
        f"{one['sweep_exchanges']:.2f} exchanges a domain (floor "
        f"{one['floor_questions'] / one['domains']:.2f} and {one['floor_exchanges']:.2f}); "
        f"simnet {one['simnet_us']:.0f} us"
    )
    yield (
        f"    memory of a worker {one['sweep_memory'] / MIB:.0f} MiB "
        f"(floor {one['floor_memory'] / MIB:.0f})"
    )


def world_lines(name, world):
    yield f"{name} ({WORLD_WORDS[name]})"
    for one in world["pairs"]:
        yield from pair_lines(one)
    yield "  where the sweep's own CPU goes, us a domain:"
    for what, cost in parts(world).items():
        yield f"    {cost:6.2f} {what}"
    for row in world.get("growth", []):
        yield (
            f"  {row['domains']:>9,} names: {row['cpu_us']:.0f} us a domain, worker memory at most "
            f"{row['memory_peak'] / MIB:.0f} MiB, simnet {row['simnet_share']:.0%} of the CPU"
        )
    if "pump" in world:
        pump = world["pump"]
        yield (
            f"  pump: {pump['batch_us']:.1f} us an exchange in batches of 64, "
            f"{pump['single_us']:.1f} us one by one"
        )


def table(result):
    """The whole of it as text."""
    machine, names = result["machine"], result["names"]
    lines = [
        f"{machine['cpus']} x {machine['model']}, Linux {machine['kernel']}, load "
        f"{machine['load_before']:.2f} before, {machine['load_after']:.2f} after; "
        f"allocator: {machine['allocator']}",
        f"calibration {machine['calibration_least_s'] * 1000:.0f} to "
        f"{machine['calibration_most_s'] * 1000:.0f} ms of CPU for the same work",
        f"names: {names['source']}, {names['derived']:,} of them derived",
        "",
    ]
    for name, world in result["worlds"].items():
        lines += [*world_lines(name, world), ""]
    for name, why in result["left_out"].items():
        lines += [f"{name}: not measured, {why}", ""]
    for row in result["goals"]:
        verdict = ("met" if row["met"] else "NOT MET") if result["judged"] else "not judged"
        value, limit = f"{row['value']:.3g}", f"{row['limit']:.3g}"
        lines.append(f"{verdict:>10}  {row['goal']}: {value} (at most {limit})")
    return "\n".join(lines) + "\n"


# ---- the chart

WIDTH, LABEL, BAR, GAP, TOP = 720, 170, 22, 8, 40
COLOURS = {"floor": "#9aa5b1", "mxsweep": "#2f6fde"}
TEXT = 'font-family="sans-serif" font-size="13" fill="#6e7781"'


def bars(result):
    for name, world in result["worlds"].items():
        one = world["pairs"][0]
        yield f"floor, {WORLD_WORDS[name]}", one["floor_us"], "floor", ""
        yield f"mxsweep, {WORLD_WORDS[name]}", one["sweep_us"], "mxsweep", f", x {one['ratio']:.2f}"


def chart(result):
    """An SVG: CPU per domain of the floor and of the sweep, in each world."""
    rows = list(bars(result))
    largest = max(value for _, value, _, _ in rows)
    height = TOP + len(rows) * (BAR + GAP) + 30
    first = next(iter(result["worlds"].values()))["pairs"][0]
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>CPU time per domain: mxsweep and the replay floor</title>",
        f'<text x="0" y="20" {TEXT}>Microseconds of CPU per domain (shorter is better)</text>',
    ]
    for number, (label, value, kind, note) in enumerate(rows):
        y = TOP + number * (BAR + GAP)
        width = (WIDTH - LABEL - 120) * value / largest
        out += [
            f'<text x="0" y="{y + 16}" {TEXT}>{label}</text>',
            f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="3" '
            f'fill="{COLOURS[kind]}"/>',
            f'<text x="{LABEL + width + 8:.1f}" y="{y + 16}" {TEXT}>{value:.0f}{note}</text>',
        ]
    out += [
        f'<text x="0" y="{height - 8}" {TEXT}>{first["workers"]} worker, {first["ports"]} ports, '
        f'{first["domains"]:,} names, {first["pairs"]} pairs, {result["machine"]["model"]}</text>',
        "</svg>",
    ]
    return "\n".join(out) + "\n"
