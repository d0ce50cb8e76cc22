-- What the carrier's records would show, edge by edge and minute by minute. For DuckDB, from the CSV of `attempts_readable`.
SELECT date_trunc('minute', sent_utc::TIMESTAMP) AS minute, edge, count(*) AS invites,
       count(*) FILTER ("end" = 'no_response') AS no_response,
       round(quantile_cont(ringing_s, 0.95), 2) AS ringing_p95_s
FROM read_csv('attempts.csv')
WHERE sent_utc BETWEEN '2026-03-02T09:59:00Z' AND '2026-03-02T10:03:00Z'
GROUP BY ALL
ORDER BY ALL;
