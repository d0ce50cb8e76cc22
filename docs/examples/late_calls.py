"""How much later than without the fault were calls set up? Usage: late_calls.py RUN.sqlite"""
import sqlite3
import sys

import pandas

with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as record:
    hits = pandas.read_sql("SELECT fault, site, phase, effect, later_s, lost_talk_s FROM hit_calls", record)

print(hits.groupby(["fault", "site", "phase", "effect"]).agg(calls=("effect", "size"), later_mean_s=("later_s", "mean"),
                                                             lost_talk_min=("lost_talk_s", lambda talk: talk.sum() / 60)).round(2))
