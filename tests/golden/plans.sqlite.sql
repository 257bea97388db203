-- who am I (lin)
-- { me { number name assignments { role institution { name } } } }
-- parameters: 1 value; 2 fact me; 3 mark epoch; 4 '00000000-0000-4000-8000-000000000001'; 5 mark tree_epoch; 6 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.number AS x0, t.name AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM staff t
      WHERE (((1 = 1))) AND t.id = ?1
      ORDER BY t.number LIMIT 1) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.role AS x0, t.institution_id AS x1, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.valid_from, t.id) AS n
      FROM q0 CROSS JOIN assignment t JOIN institution i ON i.id = t.institution_id
      WHERE (((1 = 1))) AND t.staff_id = q0.x2) i
    WHERE i.n <= 500) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.name AS x0, q1.k AS p, ROW_NUMBER() OVER (PARTITION BY q1.k ORDER BY t.path) AS n
      FROM q1 CROSS JOIN institution t
      WHERE (((1 = 1))) AND t.id = q1.x1) i
    WHERE i.n <= 1) j)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('{"name":' || json_quote(q2.x0) || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"role":' || CASE q1.x0 WHEN 'archive_keeper' THEN '"ARCHIVE_KEEPER"' WHEN 'auditor' THEN '"AUDITOR"' WHEN 'card_custodian' THEN '"CARD_CUSTODIAN"' WHEN 'card_supervisor' THEN '"CARD_SUPERVISOR"' WHEN 'complaint_officer' THEN '"COMPLAINT_OFFICER"' WHEN 'compliance' THEN '"COMPLIANCE"' WHEN 'cust_mgr' THEN '"CUST_MGR"' WHEN 'dpo' THEN '"DPO"' WHEN 'exc_approver' THEN '"EXC_APPROVER"' WHEN 'filing_recorder' THEN '"FILING_RECORDER"' WHEN 'hq_policy' THEN '"HQ_POLICY"' WHEN 'hq_policy_appr' THEN '"HQ_POLICY_APPR"' WHEN 'legal_approver' THEN '"LEGAL_APPROVER"' WHEN 'legal_liaison' THEN '"LEGAL_LIAISON"' WHEN 'log_admin' THEN '"LOG_ADMIN"' WHEN 'partner_head' THEN '"PARTNER_HEAD"' WHEN 'partner_staff' THEN '"PARTNER_STAFF"' WHEN 'pb_officer' THEN '"PB_OFFICER"' WHEN 'sec_admin' THEN '"SEC_ADMIN"' WHEN 'sys_admin' THEN '"SYS_ADMIN"' WHEN 'teller' THEN '"TELLER"' WHEN 'wc_head' THEN '"WC_HEAD"' ELSE 'null' END || ',"institution":' || coalesce(
    (SELECT t2.r0
    FROM t2
    WHERE t2.p = q1.k), 'null') || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"number":' || json_quote(q0.x0) || ',"name":' || json_quote(q0.x1) || ',"assignments":' ||
    (SELECT ('[' || coalesce(group_concat(w1.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) || '}') AS r0
  FROM q0) SELECT
  (SELECT t0.r0
  FROM t0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?3 AND h.id = ?4 AND h.tree_epoch = ?5 AND h.policy_version = ?6);

-- a page of numbers, by a manager (lin)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 '00000000-0000-4000-8000-000000000001'; 5 mark tree_epoch; 6 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x1, t.number AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || ',"status":{"number":' || CASE WHEN q0.x1 = 0 THEN json_quote(q0.x2) ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?3 AND h.id = ?4 AND h.tree_epoch = ?5 AND h.policy_version = ?6);

-- a page of numbers, by an officer of the hierarchy (officer)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN 0 ELSE 1 END AS x1, t.number AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || ',"status":{"number":' || CASE WHEN q0.x1 = 0 THEN json_quote(q0.x2) ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- a page of numbers, by somebody without a seat (nobody)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 '00000000-0000-4000-8000-000000000001'; 4 mark tree_epoch; 5 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (1 = 0) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || ',"status":{"number":' || 'null' || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?1 AND f.epoch = ?2 AND h.id = ?3 AND h.tree_epoch = ?4 AND h.policy_version = ?5);

-- only a total (officer)
-- { customers(first: 1) { totalCount } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM customer t
    WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL) AS TEXT) || '}')) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- a page with its cursors and its total (officer)
-- { customers(first: 20) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.number AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 21) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, CASE WHEN q0.n <= 20 THEN ('{"cursor":␞c0:[' || json_quote(q0.x0) || ']␟,"node":{"id":' || ('"' || global_id('customer', q0.x1) || '"') || '}}') END AS r0, CASE WHEN q0.n <= 20 THEN printf('%04d', q0.n) || ('␞c0:[' || json_quote(q0.x0) || ']␟') END AS u
  FROM q0) SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM customer t
    WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL) AS TEXT) || ',"pageInfo":{"hasNextPage":' || CASE WHEN count(*) > 20 THEN 'true' ELSE 'false' END || ',"endCursor":' || coalesce(substr(max(w0.u), 5), 'null') || '},"edges":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- the last page (officer)
-- { customers(last: 20) { pageInfo { hasPreviousPage } nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number DESC) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number DESC LIMIT 21) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, CASE WHEN q0.n <= 20 THEN ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') END AS r0
  FROM q0) SELECT
  (SELECT ('{"pageInfo":{"hasPreviousPage":' || CASE WHEN count(*) > 20 THEN 'true' ELSE 'false' END || '},"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n DESC LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- the page after a cursor (officer)
-- query ($after: String) { customers(first: 20, after: $after) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 place 0 0; 4 fact me; 5 mark epoch; 6 '00000000-0000-4000-8000-000000000001'; 7 mark tree_epoch; 8 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL AND (t.number) > (?3)
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?4 AND f.epoch = ?5 AND h.id = ?6 AND h.tree_epoch = ?7 AND h.policy_version = ?8);

-- a name with its reason (lin)
-- { customers(first: 20) { nodes { name { visibility reason { code remedy } value } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 '00000000-0000-4000-8000-000000000001'; 5 mark tree_epoch; 6 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.name AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x2 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"name":{"visibility":' || CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END || ',"reason":' || CASE WHEN q0.x0 = 0 THEN 'null' ELSE '{"code":"OTHER_BRANCH","remedy":"Ask the owning branch to serve the customer, or ask for a transfer of the owning branch."}' END || ',"value":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?3 AND h.id = ?4 AND h.tree_epoch = ?5 AND h.policy_version = ?6);

-- a name that no row shows (officer)
-- { customers(first: 20) { nodes { name { visibility reason { code } value } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"name":{"visibility":' || '"WITHHELD"' || ',"reason":' || '{"code":"ROLE_WITHOUT_ACCESS"}' || ',"value":' || 'null' || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- sealed cells and masks (lin)
-- { customers(first: 20) { nodes { identity { number } contact { mobile address } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) AND (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 1 WHEN (((t.owner_path = ?1))) THEN 2 ELSE 3 END AS x0, t.identity_mask AS x1, CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x2, t.mobile_cipher AS x3, t.id AS x4, t.mobile_mask AS x5, t.address_cipher AS x6, t.address_mask AS x7, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x4 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || ',' || CAST(q0.x2 AS TEXT) || '␟{"identity":{"number":' || CASE WHEN q0.x0 IN (0, 2) THEN coalesce(json_quote(q0.x1), 'null') ELSE 'null' END || '},"contact":{"mobile":' || CASE WHEN q0.x2 = 0 THEN CASE WHEN q0.x3 IS NULL THEN 'null' ELSE ('␞s0:' || CAST(q0.x4 AS TEXT) || ':' || hex(q0.x3) || '␟') END WHEN q0.x2 = 1 THEN coalesce(json_quote(q0.x5), 'null') ELSE 'null' END || ',"address":' || CASE WHEN q0.x2 = 0 THEN CASE WHEN q0.x6 IS NULL THEN 'null' ELSE ('␞s1:' || CAST(q0.x4 AS TEXT) || ':' || hex(q0.x6) || '␟') END WHEN q0.x2 = 1 THEN coalesce(json_quote(q0.x7), 'null') ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- assets without a purpose (lin)
-- { customers(first: 20) { nodes { assets { visibility band averageSavings12m { amount } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) AND (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 1 WHEN (((t.owner_path = ?1))) THEN 2 ELSE 3 END AS x0,
        (SELECT CASE WHEN e.average_savings >= 500000000 THEN 'FROM_5M' WHEN e.average_savings >= 100000000 THEN 'FROM_1M' WHEN e.average_savings >= 50000000 THEN 'FROM_500K' WHEN e.average_savings >= 5000000 THEN 'FROM_50K' ELSE 'BELOW_50K' END
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x2 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"assets":{"visibility":' || CASE WHEN q0.x0 IN (0, 2) THEN '"MASKED"' ELSE '"WITHHELD"' END || ',"band":' || CASE WHEN q0.x0 IN (0, 2) THEN coalesce(json_quote(q0.x1), 'null') ELSE 'null' END || ',"averageSavings12m":' || 'null' || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- assets with a purpose (lin)
-- { customers(first: 20) { nodes { assets(purpose: {code: ADVICE, text: "sweep"}) { band averageSavings12m { amount currency } asOf } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x0,
        (SELECT CASE WHEN e.average_savings >= 500000000 THEN 'FROM_5M' WHEN e.average_savings >= 100000000 THEN 'FROM_1M' WHEN e.average_savings >= 50000000 THEN 'FROM_500K' WHEN e.average_savings >= 5000000 THEN 'FROM_50K' ELSE 'BELOW_50K' END
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x1,
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x2,
        (SELECT e.currency
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x3,
        (SELECT e.as_of
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x4, t.id AS x5, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x5 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"assets":{"band":' || CASE WHEN q0.x0 = 2 THEN 'null' ELSE coalesce(json_quote(q0.x1), 'null') END || ',"averageSavings12m":' || CASE WHEN q0.x0 = 0 THEN CASE WHEN q0.x2 IS NULL OR q0.x3 IS NULL THEN 'null' ELSE ('{"amount":' || ('"' || CASE WHEN q0.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q0.x2 AS TEXT) ELSE (CASE WHEN q0.x2 < 0 THEN '-' ELSE '' END) || (abs(q0.x2) / 100) || '.' || substr('0' || (abs(q0.x2) % 100), -2) END || '"') || ',"currency":' || json_quote(q0.x3) || '}') END ELSE 'null' END || ',"asOf":' || CASE WHEN q0.x0 = 0 THEN coalesce(('"' || q0.x4 || '"'), 'null') ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- balances and loans below a section (lin)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}) { nodes { assets { balances { balance { amount } day } loans { number outstanding { amount } } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.amount AS x0, a.currency AS x1, t.day AS x2, t.id AS x3, q0.x0 AS x4, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.day, t.id) AS n
      FROM q0 CROSS JOIN balance t JOIN account a ON a.serial = t.account_serial
      WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1 AND NOT EXISTS
        (SELECT 1
        FROM balance n
        WHERE n.account_serial = t.account_serial AND n.kind = t.kind AND n.superseded_at IS NULL AND n.day > t.day)) i
    WHERE i.n <= 500) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.number AS x0,
        (SELECT s.outstanding
        FROM loan_standing s
        WHERE s.loan_id = t.id AND s.superseded_at IS NULL
        ORDER BY s.as_of DESC LIMIT 1) AS x1, t.currency AS x2, t.id AS x3, q0.x0 AS x4, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN loan t
      WHERE q0.x0 = 0 AND t.customer_id = q0.x1) i
    WHERE i.n <= 500) j)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('␞r2:' || CAST(q2.x3 AS TEXT) || ':' || CAST(q2.x4 AS TEXT) || '␟{"number":' || CASE WHEN q2.x4 = 0 THEN json_quote(q2.x0) ELSE 'null' END || ',"outstanding":' || CASE WHEN q2.x4 = 0 THEN CASE WHEN q2.x1 IS NULL THEN 'null' ELSE ('{"amount":' || ('"' || CASE WHEN q2.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q2.x1 AS TEXT) ELSE (CASE WHEN q2.x1 < 0 THEN '-' ELSE '' END) || (abs(q2.x1) / 100) || '.' || substr('0' || (abs(q2.x1) % 100), -2) END || '"') || '}') END ELSE 'null' END || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x3 AS TEXT) || ':' || CAST(q1.x4 AS TEXT) || '␟{"balance":' || CASE WHEN q1.x4 = 0 THEN ('{"amount":' || ('"' || CASE WHEN q1.x1 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q1.x0 AS TEXT) ELSE (CASE WHEN q1.x0 < 0 THEN '-' ELSE '' END) || (abs(q1.x0) / 100) || '.' || substr('0' || (abs(q1.x0) % 100), -2) END || '"') || '}') ELSE 'null' END || ',"day":' || CASE WHEN q1.x4 = 0 THEN ('"' || q1.x2 || '"') ELSE 'null' END || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x1 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"assets":{"balances":' || CASE WHEN q0.x0 = 2 THEN '[]' ELSE
    (SELECT ('[' || coalesce(group_concat(w1.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) END || ',"loans":' || CASE WHEN q0.x0 = 2 THEN '[]' ELSE
    (SELECT ('[' || coalesce(group_concat(w2.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t2
      WHERE t2.p = q0.k
      ORDER BY t2.n LIMIT -1) w2) END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- assets that are denied (officer)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}) { nodes { assets { visibility balances { day } loans { number } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN 0 ELSE 1 END AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"assets":{"visibility":' || '"WITHHELD"' || ',"balances":' || '[]' || ',"loans":' || '[]' || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- a page of transactions (lin)
-- { customers(first: 20) { nodes { transactions(first: 2, purpose: {code: ADVICE, text: "sweep"}) { visibility totalCount nodes { day direction amount { amount } } pageInfo { hasNextPage endCursor } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.day AS x0, t.direction AS x1, t.amount AS x2, a.currency AS x3, t.id AS x4, q0.x0 AS x5, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.day, t.id) AS n
      FROM q0 CROSS JOIN transaction_line t JOIN account a ON a.serial = t.account_serial
      WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1) i
    WHERE i.n <= 3) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, CASE WHEN q1.n <= 2 THEN ('␞r1:' || CAST(q1.x4 AS TEXT) || ':' || CAST(q1.x5 AS TEXT) || '␟{"day":' || CASE WHEN q1.x5 = 0 THEN ('"' || q1.x0 || '"') ELSE 'null' END || ',"direction":' || CASE WHEN q1.x5 = 0 THEN json_quote(q1.x1) ELSE 'null' END || ',"amount":' || CASE WHEN q1.x5 = 0 THEN ('{"amount":' || ('"' || CASE WHEN q1.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q1.x2 AS TEXT) ELSE (CASE WHEN q1.x2 < 0 THEN '-' ELSE '' END) || (abs(q1.x2) / 100) || '.' || substr('0' || (abs(q1.x2) % 100), -2) END || '"') || '}') ELSE 'null' END || '}') END AS r0, CASE WHEN q1.n <= 2 THEN printf('%04d', q1.n) || ('␞c1:[' || ('"' || q1.x0 || '"') || ',' || CAST(q1.x4 AS TEXT) || ']␟') END AS u
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x1 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"transactions":' || CASE WHEN q0.x0 = 0 THEN
    (SELECT ('{"visibility":' || CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END || ',"totalCount":' || CAST(
      (SELECT count(*)
      FROM transaction_line t JOIN account a ON a.serial = t.account_serial
      WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w1.r0, ','), '') || '],"pageInfo":{"hasNextPage":' || CASE WHEN count(*) > 2 THEN 'true' ELSE 'false' END || ',"endCursor":' || coalesce(substr(max(w1.u), 5), 'null') || '}}')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) ELSE ('{"visibility":' || CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END || ',"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}') END || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- the deputy and the recused (luo)
-- { customers(first: 20) { nodes { accounts { nodes { number } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.number_cipher AS x0, t.id AS x1, t.number_mask AS x2, q0.x0 AS x3, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.serial) AS n
      FROM q0 CROSS JOIN account t
      WHERE q0.x0 IN (0, 1) AND t.customer_id = q0.x1) i
    WHERE i.n <= 500) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x1 AS TEXT) || ':' || CAST(q1.x3 AS TEXT) || '␟{"number":' || CASE WHEN q1.x3 = 0 THEN ('␞s0:' || CAST(q1.x1 AS TEXT) || ':' || hex(q1.x0) || '␟') WHEN q1.x3 = 1 THEN coalesce(json_quote(q1.x2), 'null') ELSE 'null' END || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x1 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"accounts":{"nodes":' || CASE WHEN q0.x0 = 2 THEN '[]' ELSE
    (SELECT ('[' || coalesce(group_concat(w1.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) END || '}}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- filtered by what everybody sees (lin)
-- query ($where: CustomerWhere) { customers(first: 20, where: $where) { totalCount nodes { id } } }
-- parameters: 1 fact path 0; 2 value (list); 3 value; 4 fact me; 5 mark epoch; 6 '00000000-0000-4000-8000-000000000001'; 7 mark tree_epoch; 8 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND ((((t.owner_path = ?1)))) AND (t.number IN
        (SELECT value
        FROM json_each(?2)) AND
        (SELECT m.tier
        FROM membership m
        WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) = ?3)
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM customer t
    WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND ((((t.owner_path = ?1)))) AND (t.number IN
      (SELECT value
      FROM json_each(?2)) AND
      (SELECT m.tier
      FROM membership m
      WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) = ?3)) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?4 AND f.epoch = ?5 AND h.id = ?6 AND h.tree_epoch = ?7 AND h.policy_version = ?8);

-- filtered and sorted by figures (lin)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}, orderBy: [AVERAGE_SAVINGS_DESC], where: {averageSavings: {currency: "CNY", ge: "123456.78"}}) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 value; 5 value; 6 mark epoch; 7 '00000000-0000-4000-8000-000000000001'; 8 mark tree_epoch; 9 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY (
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) IS NULL),
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) DESC, t.number DESC) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND ((((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at)))))) AND (
        (SELECT e.currency
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) = ?4 AND
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) >= ?5)
      ORDER BY (
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) IS NULL),
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) DESC, t.number DESC LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x0 AS TEXT) || '␟{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?6 AND h.id = ?7 AND h.tree_epoch = ?8 AND h.policy_version = ?9);

-- and, or, not and an empty in (officer)
-- { customers(first: 20, where: {or: [{number: {eq: "C1"}}, {not: {tier: {in: []}}}, {and: [{openedOn: {ge: "2020-01-01"}}, {openedOn: {le: "2026-01-01"}}]}]}) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 value; 4 value (list); 5 value; 6 value; 7 fact me; 8 mark epoch; 9 '00000000-0000-4000-8000-000000000001'; 10 mark tree_epoch; 11 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL AND (((((t.owner_path >= ?1 AND t.owner_path < ?2))))) AND (((t.number = ?3) OR (NOT COALESCE((
        (SELECT m.tier
        FROM membership m
        WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) IN
        (SELECT value
        FROM json_each(?4))), 1 = 0)) OR (((t.opened_on >= ?5) AND (t.opened_on <= ?6)))))
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?7 AND f.epoch = ?8 AND h.id = ?9 AND h.tree_epoch = ?10 AND h.policy_version = ?11);

-- my own customers (lin)
-- { customers(first: 20, portfolio: MINE) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- my branch's customers (lin)
-- { customers(first: 20, portfolio: BRANCH) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact paths (list); 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.owner_path IN
        (SELECT value
        FROM json_each(?2))
      ORDER BY t.number LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"id":' || ('"' || global_id('customer', q0.x0) || '"') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- one customer (lin)
-- query ($id: ID!) { customer(id: $id) { id status { number tier manager { staff { name } } } name { value } owner { name } archive { number state } } }
-- parameters: 1 fact path 0; 2 value; 3 now; 4 fact me; 5 mark epoch; 6 '00000000-0000-4000-8000-000000000001'; 7 mark tree_epoch; 8 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x1, t.number AS x2,
        (SELECT m.tier
        FROM membership m
        WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) AS x3, t.name AS x4, CASE WHEN (((t.owner_path = ?1))) THEN 1 ELSE 0 END AS x5, t.owner_id AS x6, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = ?2
      ORDER BY t.number LIMIT 1) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.id AS x0, t.manager_id AS x1, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.valid_from, t.id) AS n
      FROM q0 CROSS JOIN manager_assignment t
      WHERE (1 = 1) AND t.customer_id = q0.x0 AND t.valid_from <= ?3 AND (t.valid_to IS NULL OR ?3 < t.valid_to) AND (t.ended_at IS NULL OR ?3 < t.ended_at)) i
    WHERE i.n <= 1) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.name AS x0, t.id AS x1, q1.k AS p, ROW_NUMBER() OVER (PARTITION BY q1.k ORDER BY t.number) AS n
      FROM q1 CROSS JOIN staff t
      WHERE (((1 = 1))) AND t.id = q1.x1) i
    WHERE i.n <= 1) j)
, q3 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.name AS x0, t.id AS x1, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.path) AS n
      FROM q0 CROSS JOIN institution t
      WHERE (((1 = 1))) AND t.id = q0.x6) i
    WHERE i.n <= 1) j)
, q4 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.number AS x0, t.state AS x1, t.id AS x2, q0.x1 AS x3, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN archive t
      WHERE q0.x5 = 1 AND t.customer_id = q0.x0) i
    WHERE i.n <= 1) j)
, t4 AS MATERIALIZED
  (SELECT q4.p AS p, q4.n AS n, ('␞r4:' || CAST(q4.x2 AS TEXT) || ':' || CAST(q4.x3 AS TEXT) || '␟{"number":' || CASE WHEN q4.x3 = 0 THEN json_quote(q4.x0) ELSE '␞!␟' END || ',"state":' || CASE WHEN q4.x3 = 0 THEN json_quote(q4.x1) ELSE '␞!␟' END || '}') AS r0
  FROM q4)
, t3 AS MATERIALIZED
  (SELECT q3.p AS p, q3.n AS n, ('␞r3:' || CAST(q3.x1 AS TEXT) || '␟{"name":' || json_quote(q3.x0) || '}') AS r0
  FROM q3)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('␞r2:' || CAST(q2.x1 AS TEXT) || '␟{"name":' || json_quote(q2.x0) || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x0 AS TEXT) || '␟{"staff":' || coalesce(
    (SELECT t2.r0
    FROM t2
    WHERE t2.p = q1.k), 'null') || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x0 AS TEXT) || ':' || CAST(q0.x1 AS TEXT) || ',' || CAST(q0.x1 AS TEXT) || '␟{"id":' || ('"' || global_id('customer', q0.x0) || '"') || ',"status":{"number":' || CASE WHEN q0.x1 = 0 THEN json_quote(q0.x2) ELSE 'null' END || ',"tier":' || CASE WHEN q0.x1 = 0 THEN coalesce(json_quote(q0.x3), 'null') ELSE 'null' END || ',"manager":' || CASE WHEN q0.x1 = 0 THEN coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') ELSE 'null' END || '},"name":{"value":' || CASE WHEN q0.x1 = 0 THEN json_quote(q0.x4) ELSE 'null' END || '},"owner":' || coalesce(
    (SELECT t3.r0
    FROM t3
    WHERE t3.p = q0.k), 'null') || ',"archive":' || coalesce(
    (SELECT t4.r0
    FROM t4
    WHERE t4.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT t0.r0
  FROM t0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?4 AND f.epoch = ?5 AND h.id = ?6 AND h.tree_epoch = ?7 AND h.policy_version = ?8);

-- a node, by fragments (lin)
-- query ($id: ID!) { node(id: $id) { __typename id ... on Customer { name { value } } ... on Staff { number } } }
-- parameters: 1 fact path 0; 2 value; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x1, t.name AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = ?2
      ORDER BY t.number LIMIT 1) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x0 AS TEXT) || ':' || CAST(q0.x1 AS TEXT) || '␟{"__typename":"Customer","id":' || ('"' || global_id('customer', q0.x0) || '"') || ',"name":{"value":' || CASE WHEN q0.x1 = 0 THEN json_quote(q0.x2) ELSE 'null' END || '}}') AS r0
  FROM q0) SELECT
  (SELECT t0.r0
  FROM t0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- aliases, fragments and merging (lin)
-- { all: customers(first: 20) { rows: nodes { ...a ...b } nodes { __typename } } } fragment a on Customer { name { value } } fragment b on Customer { name { visibility } owner { name } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 '00000000-0000-4000-8000-000000000001'; 5 mark tree_epoch; 6 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.name AS x1, t.id AS x2, t.owner_id AS x3, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.name AS x0, t.id AS x1, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.path) AS n
      FROM q0 CROSS JOIN institution t
      WHERE (((1 = 1))) AND t.id = q0.x3) i
    WHERE i.n <= 1) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x1 AS TEXT) || '␟{"name":' || json_quote(q1.x0) || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x2 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"name":{"value":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE 'null' END || ',"visibility":' || CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END || '},"owner":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0, '{"__typename":"Customer"}' AS r1
  FROM q0) SELECT
  (SELECT ('{"rows":[' || coalesce(group_concat(w0.r0, ','), '') || '],"nodes":[' || coalesce(group_concat(w0.r1, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?3 AND h.id = ?4 AND h.tree_epoch = ?5 AND h.policy_version = ?6);

-- institutions within institutions (nobody)
-- { institutions(first: 20) { nodes { code level children(first: 5) { totalCount nodes { code } } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 '00000000-0000-4000-8000-000000000001'; 4 mark tree_epoch; 5 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.code AS x0, t.level AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.path) AS n
      FROM institution t
      WHERE (((1 = 1)))
      ORDER BY t.path LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.code AS x0, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.path) AS n
      FROM q0 CROSS JOIN institution t
      WHERE (((1 = 1))) AND t.parent_id = q0.x2) i
    WHERE i.n <= 5) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"code":' || json_quote(q1.x0) || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"code":' || json_quote(q0.x0) || ',"level":' || json_quote(q0.x1) || ',"children":' ||
    (SELECT ('{"totalCount":' || CAST(
      (SELECT count(*)
      FROM institution t
      WHERE (((1 = 1))) AND t.parent_id = q0.x2) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w1.r0, ','), '') || ']}')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?1 AND f.epoch = ?2 AND h.id = ?3 AND h.tree_epoch = ?4 AND h.policy_version = ?5);

-- there and back (lin)
-- { customers(first: 5) { nodes { membership { customer { archive { customer { status { number } } } } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 '00000000-0000-4000-8000-000000000001'; 5 mark tree_epoch; 6 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 5) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.customer_id AS x0, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.id) AS n
      FROM q0 CROSS JOIN membership t
      WHERE (1 = 1) AND t.customer_id = q0.x0 AND NOT t.over) i
    WHERE i.n <= 1) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 1 ELSE 0 END AS x0, t.id AS x1, q1.k AS p, ROW_NUMBER() OVER (PARTITION BY q1.k ORDER BY t.number) AS n
      FROM q1 CROSS JOIN customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = q1.x0) i
    WHERE i.n <= 1) j)
, q3 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.customer_id AS x0, q2.k AS p, ROW_NUMBER() OVER (PARTITION BY q2.k ORDER BY t.number) AS n
      FROM q2 CROSS JOIN archive t
      WHERE q2.x0 = 1 AND t.customer_id = q2.x1) i
    WHERE i.n <= 1) j)
, q4 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.number AS x1, q3.k AS p, ROW_NUMBER() OVER (PARTITION BY q3.k ORDER BY t.number) AS n
      FROM q3 CROSS JOIN customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = q3.x0) i
    WHERE i.n <= 1) j)
, t4 AS MATERIALIZED
  (SELECT q4.p AS p, q4.n AS n, ('{"status":{"number":' || CASE WHEN q4.x0 = 0 THEN json_quote(q4.x1) ELSE 'null' END || '}}') AS r0
  FROM q4)
, t3 AS MATERIALIZED
  (SELECT q3.p AS p, q3.n AS n, ('{"customer":' || coalesce(
    (SELECT t4.r0
    FROM t4
    WHERE t4.p = q3.k), 'null') || '}') AS r0
  FROM q3)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('{"archive":' || coalesce(
    (SELECT t3.r0
    FROM t3
    WHERE t3.p = q2.k), 'null') || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"customer":' || coalesce(
    (SELECT t2.r0
    FROM t2
    WHERE t2.p = q1.k), 'null') || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"membership":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?3 AND h.id = ?4 AND h.tree_epoch = ?5 AND h.policy_version = ?6);

-- filings before their recorder (bai)
-- { filings(first: 20) { nodes { state customer { name { value } assets(purpose: {code: ADVICE, text: "sweep"}) { visibility } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact paths_deciding filing_recorder (list); 4 fact institution 0; 5 fact me; 6 mark epoch; 7 '00000000-0000-4000-8000-000000000001'; 8 mark tree_epoch; 9 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.submitted_to_path AS x2, t.customer_id AS x3, t.id AS x4, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?3))) THEN CASE WHEN (((t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x3 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN customer t
      WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?3))) THEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)) OR (t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x3 END))) ELSE (t.tier2_id = ?4 AND CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x3) i
    WHERE i.n <= 1) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x2 AS TEXT) || ':' || CAST(q1.x0 AS TEXT) || '␟{"name":{"value":' || CASE WHEN q1.x0 = 0 THEN json_quote(q1.x1) ELSE 'null' END || '},"assets":{"visibility":' || CASE WHEN q1.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END || '}}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x4 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || ',' || CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 IN
    (SELECT value
    FROM json_each(?3))) THEN '1' ELSE '0' END || '␟{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"customer":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?5 AND f.epoch = ?6 AND h.id = ?7 AND h.tree_epoch = ?8 AND h.policy_version = ?9);

-- filings of others (lin)
-- { filings(first: 20) { nodes { state customer { name { value } assets(purpose: {code: ADVICE, text: "sweep"}) { visibility } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((c.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.id AS x2, t.customer_id AS x3, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = ?1))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.name AS x1, CASE WHEN (((t.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((t.owner_path = ?1))) THEN 1 ELSE 2 END AS x2, t.id AS x3, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = q0.x3) i
    WHERE i.n <= 1) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x3 AS TEXT) || ':' || CAST(q1.x0 AS TEXT) || '␟{"name":{"value":' || CASE WHEN q1.x0 = 0 THEN json_quote(q1.x1) ELSE 'null' END || '},"assets":{"visibility":' || CASE WHEN q1.x2 = 0 THEN '"VISIBLE"' WHEN q1.x2 = 1 THEN '"MASKED"' ELSE '"WITHHELD"' END || '}}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x2 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || '␟{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"customer":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- an exception with what was missed, before its approver (deng)
-- { exceptionCases(first: 20) { nodes { state category grounds { submitted } customer { name { value } } shortfalls { kind short { amount } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact paths_deciding exc_approver (list); 4 fact institution 0; 5 fact me; 6 mark epoch; 7 '00000000-0000-4000-8000-000000000001'; 8 mark tree_epoch; 9 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.category AS x2, t.reason AS x3, t.submitted_to_path AS x4, t.customer_id AS x5, t.id AS x6, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM exception_case t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN CASE WHEN (((t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x5 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN customer t
      WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)) OR (t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x5 END))) ELSE (t.tier1_id = ?4 AND CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x5) i
    WHERE i.n <= 1) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN CASE WHEN (((c.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x5 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.kind AS x1, t.short AS x2, t.currency AS x3, t.id AS x4, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.kind, t.indicator_code, t.id) AS n
      FROM q0 CROSS JOIN exception_shortfall t JOIN customer c ON c.id = t.customer_id
      WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN ((((c.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
        (SELECT value
        FROM json_each(?3))) THEN q0.x5 END)))) ELSE (1 = 0) END AND c.merged_into_id IS NULL AND t.case_id = q0.x6) i
    WHERE i.n <= 500) j)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('␞r2:' || CAST(q2.x4 AS TEXT) || ':' || CAST(q2.x0 AS TEXT) || '␟{"kind":' || CASE WHEN q2.x0 = 0 THEN json_quote(q2.x1) ELSE '␞!␟' END || ',"short":' || CASE WHEN q2.x0 = 0 THEN ('{"amount":' || ('"' || CASE WHEN q2.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q2.x2 AS TEXT) ELSE (CASE WHEN q2.x2 < 0 THEN '-' ELSE '' END) || (abs(q2.x2) / 100) || '.' || substr('0' || (abs(q2.x2) % 100), -2) END || '"') || '}') ELSE 'null' END || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x2 AS TEXT) || ':' || CAST(q1.x0 AS TEXT) || '␟{"name":{"value":' || CASE WHEN q1.x0 = 0 THEN json_quote(q1.x1) ELSE 'null' END || '}}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x6 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || ',' || CAST(q0.x0 AS TEXT) || ',' || CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 IN
    (SELECT value
    FROM json_each(?3))) THEN '1' ELSE '0' END || '␟{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"category":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x2) ELSE '␞!␟' END || ',"grounds":{"submitted":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x3) ELSE 'null' END || '},"customer":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || ',"shortfalls":' ||
    (SELECT ('[' || coalesce(group_concat(w2.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t2
      WHERE t2.p = q0.k
      ORDER BY t2.n LIMIT -1) w2) || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?5 AND f.epoch = ?6 AND h.id = ?7 AND h.tree_epoch = ?8 AND h.policy_version = ?9);

-- members without a full-time manager (han)
-- { memberships(first: 20, where: {unserved: {eq: true}}) { totalCount nodes { state managerStanding termEnds } } }
-- parameters: 1 fact path 0; 2 now; 3 value (list); 4 value; 5 fact me; 6 mark epoch; 7 '00000000-0000-4000-8000-000000000001'; 8 mark tree_epoch; 9 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((c.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.state AS x1, COALESCE(
        (SELECT CASE WHEN (f.left_at IS NULL OR ?2 < f.left_at) AND NOT EXISTS
          (SELECT 1
          FROM suspension u
          WHERE u.staff_id = f.id AND u.valid_from <= ?2 AND (u.valid_to IS NULL OR ?2 < u.valid_to) AND (u.ended_at IS NULL OR ?2 < u.ended_at)) THEN COALESCE(
          (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
          FROM assignment a JOIN institution i ON i.id = a.institution_id
          WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= ?2 AND (a.valid_to IS NULL OR ?2 < a.valid_to) AND (a.ended_at IS NULL OR ?2 < a.ended_at) AND i.acting_path = c.owner_path
          ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
        FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
        WHERE m.customer_id = t.customer_id AND m.valid_from <= ?2 AND (m.valid_to IS NULL OR ?2 < m.valid_to) AND (m.ended_at IS NULL OR ?2 < m.ended_at)), 'NOBODY') AS x2, t.term_ends AS x3, ROW_NUMBER() OVER (ORDER BY t.id) AS n
      FROM membership t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = ?1))) AND c.merged_into_id IS NULL AND ((((c.owner_path = ?1)))) AND ((t.state IN
        (SELECT value
        FROM json_each(?3)) AND NOT COALESCE(COALESCE(
        (SELECT CASE WHEN (f.left_at IS NULL OR ?2 < f.left_at) AND NOT EXISTS
          (SELECT 1
          FROM suspension u
          WHERE u.staff_id = f.id AND u.valid_from <= ?2 AND (u.valid_to IS NULL OR ?2 < u.valid_to) AND (u.ended_at IS NULL OR ?2 < u.ended_at)) THEN COALESCE(
          (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
          FROM assignment a JOIN institution i ON i.id = a.institution_id
          WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= ?2 AND (a.valid_to IS NULL OR ?2 < a.valid_to) AND (a.ended_at IS NULL OR ?2 < a.ended_at) AND i.acting_path = c.owner_path
          ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
        FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
        WHERE m.customer_id = t.customer_id AND m.valid_from <= ?2 AND (m.valid_to IS NULL OR ?2 < m.valid_to) AND (m.ended_at IS NULL OR ?2 < m.ended_at)), 'NOBODY') = ?4, 1 = 0)))
      ORDER BY t.id LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"managerStanding":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x2) ELSE '␞!␟' END || ',"termEnds":' || CASE WHEN q0.x0 = 0 THEN coalesce(('"' || q0.x3 || '"'), 'null') ELSE 'null' END || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM membership t JOIN customer c ON c.id = t.customer_id
    WHERE (((c.owner_path = ?1))) AND c.merged_into_id IS NULL AND ((((c.owner_path = ?1)))) AND ((t.state IN
      (SELECT value
      FROM json_each(?3)) AND NOT COALESCE(COALESCE(
      (SELECT CASE WHEN (f.left_at IS NULL OR ?2 < f.left_at) AND NOT EXISTS
        (SELECT 1
        FROM suspension u
        WHERE u.staff_id = f.id AND u.valid_from <= ?2 AND (u.valid_to IS NULL OR ?2 < u.valid_to) AND (u.ended_at IS NULL OR ?2 < u.ended_at)) THEN COALESCE(
        (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
        FROM assignment a JOIN institution i ON i.id = a.institution_id
        WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= ?2 AND (a.valid_to IS NULL OR ?2 < a.valid_to) AND (a.ended_at IS NULL OR ?2 < a.ended_at) AND i.acting_path = c.owner_path
        ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
      FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
      WHERE m.customer_id = t.customer_id AND m.valid_from <= ?2 AND (m.valid_to IS NULL OR ?2 < m.valid_to) AND (m.ended_at IS NULL OR ?2 < m.ended_at)), 'NOBODY') = ?4, 1 = 0)))) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?5 AND f.epoch = ?6 AND h.id = ?7 AND h.tree_epoch = ?8 AND h.policy_version = ?9);

-- my own work (lin)
-- { workItems(first: 20, portfolio: MINE, orderBy: [DUE_ON_ASC]) { nodes { kind dueOn note customer { status { number } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((c.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) THEN 0 WHEN (((c.owner_path = ?1))) THEN 1 ELSE 2 END AS x0, t.kind AS x1, t.due_on AS x2, t.note AS x3, t.customer_id AS x4, ROW_NUMBER() OVER (ORDER BY t.due_on, t.id) AS n
      FROM work_item t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))) AND c.merged_into_id IS NULL AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at)) AND ((((c.owner_path = ?1 AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = ?2 AND m.valid_from <= ?3 AND (m.valid_to IS NULL OR ?3 < m.valid_to) AND (m.ended_at IS NULL OR ?3 < m.ended_at))))))
      ORDER BY t.due_on, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.number AS x1, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = q0.x4) i
    WHERE i.n <= 1) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"status":{"number":' || CASE WHEN q1.x0 = 0 THEN json_quote(q1.x1) ELSE 'null' END || '}}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"kind":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"dueOn":' || CASE WHEN q0.x0 = 0 THEN ('"' || q0.x2 || '"') ELSE '␞!␟' END || ',"note":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x3) ELSE '␞!␟' END || ',"customer":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?2 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- filings that wait for their recorder (bai)
-- { filingsToRecord(first: 20) { totalCount nodes { submittedAt customer { name { value } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 now; 5 fact paths_deciding filing_recorder (list); 6 fact institution 0; 7 mark epoch; 8 '00000000-0000-4000-8000-000000000001'; 9 mark tree_epoch; 10 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) THEN 0 ELSE 1 END AS x0, t.submitted_at AS x1, t.submitted_to_path AS x2, t.state AS x3, t.customer_id AS x4, t.id AS x5, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND c.merged_into_id IS NULL AND (((t.submitted_to_path = ?1))) AND t.state = 'SUBMITTED' AND EXISTS
        (SELECT 1
        FROM assignment mine
        WHERE mine.staff_id = ?3 AND mine.role = 'filing_recorder' AND mine.department = 'PERSONAL_BANKING' AND mine.institution_id = t.submitted_to_id AND mine.valid_from <= ?4 AND (mine.valid_to IS NULL OR ?4 < mine.valid_to) AND (mine.ended_at IS NULL OR ?4 < mine.ended_at)) AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = ?3) <> t.submitted_person_id, 1 = 1) AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = ?3) <>
        (SELECT o.person_id
        FROM evaluation e JOIN screening g ON g.id = e.screening_id JOIN staff o ON o.id = g.started_by_id
        WHERE e.id = t.evaluation_id), 1 = 1)
      ORDER BY t.submitted_at, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?5))) THEN CASE WHEN (((t.id = CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?5))) THEN q0.x4 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN customer t
      WHERE CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?5))) THEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)) OR (t.id = CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 IN
        (SELECT value
        FROM json_each(?5))) THEN q0.x4 END))) ELSE (t.tier2_id = ?6 AND CASE WHEN ((((t.owner_path >= ?1 AND t.owner_path < ?2)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x4) i
    WHERE i.n <= 1) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('␞r1:' || CAST(q1.x2 AS TEXT) || ':' || CAST(q1.x0 AS TEXT) || '␟{"name":{"value":' || CASE WHEN q1.x0 = 0 THEN json_quote(q1.x1) ELSE 'null' END || '}}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('␞r0:' || CAST(q0.x5 AS TEXT) || ':' || CAST(q0.x0 AS TEXT) || ',' || CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 IN
    (SELECT value
    FROM json_each(?5))) THEN '1' ELSE '0' END || '␟{"submittedAt":' || CASE WHEN q0.x0 = 0 THEN ('"' || replace(q0.x1, ' ', 'T') || '"') ELSE '␞!␟' END || ',"customer":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM filing t JOIN customer c ON c.id = t.customer_id
    WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND c.merged_into_id IS NULL AND (((t.submitted_to_path = ?1))) AND t.state = 'SUBMITTED' AND EXISTS
      (SELECT 1
      FROM assignment mine
      WHERE mine.staff_id = ?3 AND mine.role = 'filing_recorder' AND mine.department = 'PERSONAL_BANKING' AND mine.institution_id = t.submitted_to_id AND mine.valid_from <= ?4 AND (mine.valid_to IS NULL OR ?4 < mine.valid_to) AND (mine.ended_at IS NULL OR ?4 < mine.ended_at)) AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = ?3) <> t.submitted_person_id, 1 = 1) AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = ?3) <>
      (SELECT o.person_id
      FROM evaluation e JOIN screening g ON g.id = e.screening_id JOIN staff o ON o.id = g.started_by_id
      WHERE e.id = t.evaluation_id), 1 = 1)) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?7 AND h.id = ?8 AND h.tree_epoch = ?9 AND h.policy_version = ?10);

-- merges that wait for an officer above both (wu)
-- { customerMergesToDecide(first: 20) { totalCount nodes { state reason goneNumber } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.reason AS x2,
        (SELECT g.number
        FROM customer g
        WHERE g.id = t.gone_id AND t.state IN ('MERGED', 'SPLIT_PROPOSED')) AS x3, ROW_NUMBER() OVER (ORDER BY t.proposed_at, t.id) AS n
      FROM customer_merge t JOIN customer c ON c.id = t.kept_id
      WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND ((((
        (SELECT g.owner_path
        FROM customer g
        WHERE g.id = t.gone_id) >= ?1 AND
        (SELECT g.owner_path
        FROM customer g
        WHERE g.id = t.gone_id) < ?2)))) AND ((t.state = 'PROPOSED' AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = ?3) <> t.proposed_person_id, 1 = 1)) OR (t.state = 'SPLIT_PROPOSED' AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = ?3) <> t.split_proposed_person_id, 1 = 1)))
      ORDER BY t.proposed_at, t.id LIMIT 20) i) j)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"reason":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x2) ELSE '␞!␟' END || ',"goneNumber":' || CASE WHEN q0.x0 = 0 THEN coalesce(json_quote(q0.x3), 'null') ELSE 'null' END || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"totalCount":' || CAST(
    (SELECT count(*)
    FROM customer_merge t JOIN customer c ON c.id = t.kept_id
    WHERE ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND ((((c.owner_path >= ?1 AND c.owner_path < ?2)))) AND ((((
      (SELECT g.owner_path
      FROM customer g
      WHERE g.id = t.gone_id) >= ?1 AND
      (SELECT g.owner_path
      FROM customer g
      WHERE g.id = t.gone_id) < ?2)))) AND ((t.state = 'PROPOSED' AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = ?3) <> t.proposed_person_id, 1 = 1)) OR (t.state = 'SPLIT_PROPOSED' AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = ?3) <> t.split_proposed_person_id, 1 = 1)))) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- campaigns with what they are today (nobody)
-- { campaigns(first: 20, where: {phase: {in: [EFFECTIVE, APPROVED]}}) { nodes { code phase effectiveTo thresholds { kind threshold { amount currency } } } } }
-- parameters: 1 today; 2 value (list); 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.code AS x0, CASE WHEN t.state <> 'APPROVED' THEN t.state WHEN ?1 < t.effective_from THEN 'APPROVED' WHEN t.effective_to IS NULL OR ?1 <= t.effective_to THEN 'EFFECTIVE' ELSE 'SUPERSEDED' END AS x1, t.effective_to AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.code) AS n
      FROM campaign t
      WHERE (((1 = 1))) AND (CASE WHEN t.state <> 'APPROVED' THEN t.state WHEN ?1 < t.effective_from THEN 'APPROVED' WHEN t.effective_to IS NULL OR ?1 <= t.effective_to THEN 'EFFECTIVE' ELSE 'SUPERSEDED' END IN
        (SELECT value
        FROM json_each(?2)))
      ORDER BY t.code LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.kind AS x0, t.threshold AS x1,
        (SELECT d.currency
        FROM standard d
        WHERE d.code = g.standard_code
        ORDER BY d.version DESC LIMIT 1) AS x2, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.kind, t.id) AS n
      FROM q0 CROSS JOIN campaign_threshold t JOIN campaign g ON g.id = t.campaign_id
      WHERE (((1 = 1))) AND t.campaign_id = q0.x3) i
    WHERE i.n <= 500) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"kind":' || json_quote(q1.x0) || ',"threshold":' || CASE WHEN q1.x2 IS NULL THEN 'null' ELSE ('{"amount":' || ('"' || CASE WHEN q1.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q1.x1 AS TEXT) ELSE (CASE WHEN q1.x1 < 0 THEN '-' ELSE '' END) || (abs(q1.x1) / 100) || '.' || substr('0' || (abs(q1.x1) % 100), -2) END || '"') || ',"currency":' || json_quote(q1.x2) || '}') END || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"code":' || json_quote(q0.x0) || ',"phase":' || json_quote(q0.x1) || ',"effectiveTo":' || coalesce(('"' || q0.x2 || '"'), 'null') || ',"thresholds":' ||
    (SELECT ('[' || coalesce(group_concat(w1.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- a handover with its lines (lin)
-- { handovers(first: 20) { nodes { state at giver { name } lines(first: 5) { totalCount nodes { customer { status { number } } } } } } }
-- parameters: 1 fact path 0; 2 now; 3 fact me; 4 mark epoch; 5 '00000000-0000-4000-8000-000000000001'; 6 mark tree_epoch; 7 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT CASE WHEN (((i.acting_path = ?1))) THEN 0 ELSE 1 END AS x0, (CASE WHEN t.state = 'SIGNED' AND t.done_at <= ?2 THEN 'DONE' ELSE t.state END) AS x1, t.at AS x2, t.id AS x3, t.giver_id AS x4, ROW_NUMBER() OVER (ORDER BY t.drawn_up_at, t.id) AS n
      FROM handover t JOIN institution i ON i.id = t.institution_id
      WHERE (((i.acting_path = ?1)))
      ORDER BY t.drawn_up_at, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.name AS x0, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.number) AS n
      FROM q0 CROSS JOIN staff t
      WHERE (((1 = 1))) AND t.id = q0.x4) i
    WHERE i.n <= 1) j)
, q2 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.customer_id AS x0, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.customer_id, t.id) AS n
      FROM q0 CROSS JOIN handover_line t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = ?1))) AND c.merged_into_id IS NULL AND t.handover_id = q0.x3) i
    WHERE i.n <= 5) j)
, q3 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT CASE WHEN (((t.owner_path = ?1))) THEN 0 ELSE 1 END AS x0, t.number AS x1, q2.k AS p, ROW_NUMBER() OVER (PARTITION BY q2.k ORDER BY t.number) AS n
      FROM q2 CROSS JOIN customer t
      WHERE (((t.owner_path = ?1))) AND t.merged_into_id IS NULL AND t.id = q2.x0) i
    WHERE i.n <= 1) j)
, t3 AS MATERIALIZED
  (SELECT q3.p AS p, q3.n AS n, ('{"status":{"number":' || CASE WHEN q3.x0 = 0 THEN json_quote(q3.x1) ELSE 'null' END || '}}') AS r0
  FROM q3)
, t2 AS MATERIALIZED
  (SELECT q2.p AS p, q2.n AS n, ('{"customer":' || coalesce(
    (SELECT t3.r0
    FROM t3
    WHERE t3.p = q2.k), 'null') || '}') AS r0
  FROM q2)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"name":' || json_quote(q1.x0) || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"state":' || CASE WHEN q0.x0 = 0 THEN json_quote(q0.x1) ELSE '␞!␟' END || ',"at":' || CASE WHEN q0.x0 = 0 THEN ('"' || replace(q0.x2, ' ', 'T') || '"') ELSE '␞!␟' END || ',"giver":' || coalesce(
    (SELECT t1.r0
    FROM t1
    WHERE t1.p = q0.k), 'null') || ',"lines":' ||
    (SELECT ('{"totalCount":' || CAST(
      (SELECT count(*)
      FROM handover_line t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = ?1))) AND c.merged_into_id IS NULL AND t.handover_id = q0.x3) AS TEXT) || ',"nodes":[' || coalesce(group_concat(w2.r0, ','), '') || ']}')
    FROM
      (SELECT *
      FROM t2
      WHERE t2.p = q0.k
      ORDER BY t2.n LIMIT -1) w2) || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?3 AND f.epoch = ?4 AND h.id = ?5 AND h.tree_epoch = ?6 AND h.policy_version = ?7);

-- standards with codes and money (nobody)
-- { standards(first: 20) { nodes { code spendKinds effectiveFrom criteria { kind threshold { amount currency } } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 '00000000-0000-4000-8000-000000000001'; 4 mark tree_epoch; 5 mark policy_version
WITH q0 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*, 0 AS p
    FROM
      (SELECT t.code AS x0, t.spend_kinds AS x1, t.effective_from AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.code, t.version, t.id) AS n
      FROM standard t LEFT JOIN institution o ON o.id = t.owner_id
      WHERE (((1 = 1)))
      ORDER BY t.code, t.version, t.id LIMIT 20) i) j)
, q1 AS MATERIALIZED
  (SELECT j.*, ROW_NUMBER() OVER () AS k
  FROM
    (SELECT i.*
    FROM
      (SELECT t.kind AS x0, t.threshold AS x1, d.currency AS x2, q0.k AS p, ROW_NUMBER() OVER (PARTITION BY q0.k ORDER BY t.kind, t.id) AS n
      FROM q0 CROSS JOIN criterion t JOIN standard d ON d.id = t.standard_id
      WHERE (((1 = 1))) AND t.standard_id = q0.x3) i
    WHERE i.n <= 500) j)
, t1 AS MATERIALIZED
  (SELECT q1.p AS p, q1.n AS n, ('{"kind":' || json_quote(q1.x0) || ',"threshold":' || ('{"amount":' || ('"' || CASE WHEN q1.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN CAST(q1.x1 AS TEXT) ELSE (CASE WHEN q1.x1 < 0 THEN '-' ELSE '' END) || (abs(q1.x1) / 100) || '.' || substr('0' || (abs(q1.x1) % 100), -2) END || '"') || ',"currency":' || json_quote(q1.x2) || '}') || '}') AS r0
  FROM q1)
, t0 AS MATERIALIZED
  (SELECT q0.p AS p, q0.n AS n, ('{"code":' || json_quote(q0.x0) || ',"spendKinds":' || CASE WHEN q0.x1 IS NULL THEN 'null' WHEN q0.x1 = '' THEN '[]' ELSE '[' || replace(json_quote(q0.x1), ',', '","') || ']' END || ',"effectiveFrom":' || ('"' || q0.x2 || '"') || ',"criteria":' ||
    (SELECT ('[' || coalesce(group_concat(w1.r0, ','), '') || ']')
    FROM
      (SELECT *
      FROM t1
      WHERE t1.p = q0.k
      ORDER BY t1.n LIMIT -1) w1) || '}') AS r0
  FROM q0) SELECT
  (SELECT ('{"nodes":[' || coalesce(group_concat(w0.r0, ','), '') || ']}')
  FROM
    (SELECT *
    FROM t0
    ORDER BY t0.n LIMIT -1) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = ?1 AND f.epoch = ?2 AND h.id = ?3 AND h.tree_epoch = ?4 AND h.policy_version = ?5);
