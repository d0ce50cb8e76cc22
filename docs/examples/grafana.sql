-- A time series panel of Grafana's SQLite source: `time` in seconds since 1970, one line for each metric and entity.
SELECT time, metric || ' ' || entity AS metric, value
FROM time_series
WHERE replication = 0 AND metric IN ('concurrent', 'lost') AND entity LIKE 'edge/%'
ORDER BY time;
