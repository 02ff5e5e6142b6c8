"""When the whole network is gone for a while in mid-sweep, no line becomes unknown (G-outage).

DESIGN.md section 3, "Outage". The network dies in two ways: packets vanish (nft), or sending fails
at once (loopback down). MXSWEEP_SLOW=1 adds the second way, a minute of each
(the library's memory of dead servers outlives it, so that names must wait for fresh caches), and an
outage that finds names in their last round.
"""

import os
import subprocess
import time
import unittest

import harness
import simnet

NAMES = 6000
RATE = 1400  # the sweep alone lasts about 20 s
BEGIN_S = 5
SHORT_S, LONG_S = 12, 60
RETRY_WAIT_S = 5
NFT_DROP = """
table inet outage {
  chain input {
    type filter hook input priority 0; policy accept;
    meta l4proto { tcp, udp } th dport 53 drop
    meta l4proto { tcp, udp } th sport 53 drop
  }
}
"""
SLOW = os.environ.get("MXSWEEP_SLOW") == "1"


def drop_packets():
    subprocess.run(["nft", "-f", "-"], input=NFT_DROP, text=True, check=True)


def pass_packets():
    subprocess.run(["nft", "delete", "table", "inet", "outage"], check=True)


def take_down():
    subprocess.run(["ip", "link", "set", "lo", "down"], check=True)


def bring_up():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Outage(unittest.TestCase):
    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.internet = simnet.Simnet(self.folder)
        self.addCleanup(self.internet.stop)

    def sweep(self, begin, end, outage_s, *options):
        """Sweeps with an outage in the middle; gives the run's last words and its figures."""
        list_path = self.folder.write("list", "\n".join(simnet.names(NAMES)) + "\n")
        out, summary_path = self.folder.join("out.ndjson"), self.folder.join("summary")
        run = harness.Run(
            self.folder,
            *("scan", list_path, "-o", out, "--summary", summary_path, *self.internet.options),
            *("--rate", RATE, "--tld-rate", 0, "--retry-wait", RETRY_WAIT_S, *options),
        )
        self.addCleanup(run.stop)
        time.sleep(BEGIN_S)
        self.assertFalse(run.has_ended(), "the sweep was to last longer")
        begin()
        try:
            time.sleep(outage_s)
        finally:
            end()
        self.assertEqual(run.wait(outage_s + 120), 0, run.stderr())
        lines, summary = harness.lines_by_index(out), harness.read_json(summary_path)
        said = run.stderr()
        print(f"\n{said}")
        self.assertEqual(sorted(lines), list(range(NAMES)))
        return said, summary

    def check(self, begin, end, outage_s, *options):
        said, summary = self.sweep(begin, end, outage_s, *options)
        self.assertEqual(summary["unknown_lines"], 0, said)
        self.assertFalse(summary["degraded"])
        self.assertGreater(summary["answers"]["temp"], 0, "the outage hit nobody")
        self.assertRegex(said, "root does not answer|slowing down")
        return said, summary

    def test_packets_vanish(self):
        self.check(drop_packets, pass_packets, SHORT_S)

    @unittest.skipUnless(SLOW, "MXSWEEP_SLOW=1")
    def test_sending_fails(self):
        self.check(take_down, bring_up, SHORT_S)

    @unittest.skipUnless(SLOW, "MXSWEEP_SLOW=1")
    def test_in_the_last_round(self):
        """What fails before the outage is noticed goes to `again` too, whatever --retries says."""
        self.check(drop_packets, pass_packets, SHORT_S + 8, "--retries", 0)

    @unittest.skipUnless(SLOW, "MXSWEEP_SLOW=1")
    def test_packets_vanish_for_a_minute(self):
        said, summary = self.check(drop_packets, pass_packets, LONG_S)
        self.assertIn("root does not answer", said)
        self.assertIn("going on", said)
        self.assertGreater(summary["outage_ms"], (LONG_S - 25) * 1000)

    @unittest.skipUnless(SLOW, "MXSWEEP_SLOW=1")
    def test_sending_fails_for_a_minute(self):
        said, summary = self.check(take_down, bring_up, LONG_S)
        self.assertIn("going on", said)
        self.assertGreater(summary["outage_ms"], (LONG_S - 25) * 1000)


if __name__ == "__main__":
    harness.main()
