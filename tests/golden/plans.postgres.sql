-- who am I (lin)
-- { me { number name assignments { role institution { name } } } }
-- parameters: 1 value; 2 fact me; 3 mark epoch; 4 UUID('00000000-0000-4000-8000-000000000001'); 5 mark tree_epoch; 6 mark policy_version
SELECT
  (SELECT concat('{"number":', to_json((q0.x0)::text)::text, ',"name":', to_json((q0.x1)::text)::text, ',"assignments":',
    (SELECT concat('[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']')
    FROM
      (SELECT q1.n AS n, concat('{"role":', CASE q1.x0 WHEN 'archive_keeper' THEN '"ARCHIVE_KEEPER"' WHEN 'auditor' THEN '"AUDITOR"' WHEN 'card_custodian' THEN '"CARD_CUSTODIAN"' WHEN 'card_supervisor' THEN '"CARD_SUPERVISOR"' WHEN 'complaint_officer' THEN '"COMPLAINT_OFFICER"' WHEN 'compliance' THEN '"COMPLIANCE"' WHEN 'cust_mgr' THEN '"CUST_MGR"' WHEN 'dpo' THEN '"DPO"' WHEN 'exc_approver' THEN '"EXC_APPROVER"' WHEN 'filing_recorder' THEN '"FILING_RECORDER"' WHEN 'hq_policy' THEN '"HQ_POLICY"' WHEN 'hq_policy_appr' THEN '"HQ_POLICY_APPR"' WHEN 'legal_approver' THEN '"LEGAL_APPROVER"' WHEN 'legal_liaison' THEN '"LEGAL_LIAISON"' WHEN 'log_admin' THEN '"LOG_ADMIN"' WHEN 'partner_head' THEN '"PARTNER_HEAD"' WHEN 'partner_staff' THEN '"PARTNER_STAFF"' WHEN 'pb_officer' THEN '"PB_OFFICER"' WHEN 'sec_admin' THEN '"SEC_ADMIN"' WHEN 'sys_admin' THEN '"SYS_ADMIN"' WHEN 'teller' THEN '"TELLER"' WHEN 'wc_head' THEN '"WC_HEAD"' ELSE 'null' END, ',"institution":', coalesce(
        (SELECT concat('{"name":', to_json((q2.x0)::text)::text, '}')
        FROM
          (SELECT t.name AS x0
          FROM institution t
          WHERE (((1 = 1))) AND t.id = q1.x1) q2), 'null'), '}') AS r0
      FROM
        (SELECT t.role AS x0, t.institution_id AS x1, ROW_NUMBER() OVER (ORDER BY t.valid_from, t.id) AS n
        FROM assignment t JOIN institution i ON i.id = t.institution_id
        WHERE (((1 = 1))) AND t.staff_id = q0.x2
        ORDER BY t.valid_from, t.id LIMIT 500) q1) w1), '}')
  FROM
    (SELECT t.number AS x0, t.name AS x1, t.id AS x2
    FROM staff t
    WHERE (((1 = 1))) AND t.id = $1::uuid) q0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $3::bigint AND h.id = $4::uuid AND h.tree_epoch = $5::bigint AND h.policy_version = $6::text);

-- a page of numbers, by a manager (lin)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 UUID('00000000-0000-4000-8000-000000000001'); 5 mark tree_epoch; 6 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), ',"status":{"number":', CASE WHEN q0.x1 = 0 THEN to_json((q0.x2)::text)::text ELSE 'null' END, '}}') AS r0
    FROM
      (SELECT t.id AS x0, CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x1, t.number AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $3::bigint AND h.id = $4::uuid AND h.tree_epoch = $5::bigint AND h.policy_version = $6::text);

-- a page of numbers, by an officer of the hierarchy (officer)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), ',"status":{"number":', CASE WHEN q0.x1 = 0 THEN to_json((q0.x2)::text)::text ELSE 'null' END, '}}') AS r0
    FROM
      (SELECT t.id AS x0, CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN 0 ELSE 1 END AS x1, t.number AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- a page of numbers, by somebody without a seat (nobody)
-- { customers(first: 20) { nodes { id status { number } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 UUID('00000000-0000-4000-8000-000000000001'); 4 mark tree_epoch; 5 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), ',"status":{"number":', 'null', '}}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (1 = 0) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $1::uuid AND f.epoch = $2::bigint AND h.id = $3::uuid AND h.tree_epoch = $4::bigint AND h.policy_version = $5::text);

-- only a total (officer)
-- { customers(first: 1) { totalCount } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM customer t
    WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL))::text, '}')) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- a page with its cursors and its total (officer)
-- { customers(first: 20) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM customer t
    WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL))::text, ',"pageInfo":{"hasNextPage":', CASE WHEN count(*) > 20 THEN 'true' ELSE 'false' END, ',"endCursor":', coalesce(substr(max(w0.u), 5), 'null'), '},"edges":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, CASE WHEN q0.n <= 20 THEN concat('{"cursor":␞c0:[', to_json((q0.x0)::text)::text, ']␟,"node":{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x1), 'base64'), '='), '+/', '-_') || '"'), '}}') END AS r0, CASE WHEN q0.n <= 20 THEN lpad((q0.n)::text, 4, '0') || concat('␞c0:[', to_json((q0.x0)::text)::text, ']␟') COLLATE "C" END AS u
    FROM
      (SELECT t.number AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 21) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- the last page (officer)
-- { customers(last: 20) { pageInfo { hasPreviousPage } nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"pageInfo":{"hasPreviousPage":', CASE WHEN count(*) > 20 THEN 'true' ELSE 'false' END, '},"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n DESC), ''), ']}')
  FROM
    (SELECT q0.n AS n, CASE WHEN q0.n <= 20 THEN concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') END AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number DESC) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number DESC LIMIT 21) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- the page after a cursor (officer)
-- query ($after: String) { customers(first: 20, after: $after) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 place 0 0; 4 fact me; 5 mark epoch; 6 UUID('00000000-0000-4000-8000-000000000001'); 7 mark tree_epoch; 8 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL AND (t.number) > ($3::text)
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $4::uuid AND f.epoch = $5::bigint AND h.id = $6::uuid AND h.tree_epoch = $7::bigint AND h.policy_version = $8::text);

-- a name with its reason (lin)
-- { customers(first: 20) { nodes { name { visibility reason { code remedy } value } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 UUID('00000000-0000-4000-8000-000000000001'); 5 mark tree_epoch; 6 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x2)::text, ':', (q0.x0)::text, '␟{"name":{"visibility":', CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END, ',"reason":', CASE WHEN q0.x0 = 0 THEN 'null' ELSE '{"code":"OTHER_BRANCH","remedy":"Ask the owning branch to serve the customer, or ask for a transfer of the owning branch."}' END, ',"value":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE 'null' END, '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.name AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $3::bigint AND h.id = $4::uuid AND h.tree_epoch = $5::bigint AND h.policy_version = $6::text);

-- a name that no row shows (officer)
-- { customers(first: 20) { nodes { name { visibility reason { code } value } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"name":{"visibility":', '"WITHHELD"', ',"reason":', '{"code":"ROLE_WITHOUT_ACCESS"}', ',"value":', 'null', '}}') AS r0
    FROM
      (SELECT ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- sealed cells and masks (lin)
-- { customers(first: 20) { nodes { identity { number } contact { mobile address } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x4)::text, ':', (q0.x0)::text, ',', (q0.x2)::text, '␟{"identity":{"number":', CASE WHEN q0.x0 IN (0, 2) THEN coalesce(to_json((q0.x1)::text)::text, 'null') ELSE 'null' END, '},"contact":{"mobile":', CASE WHEN q0.x2 = 0 THEN CASE WHEN q0.x3 IS NULL THEN 'null' ELSE concat('␞s0:', (q0.x4)::text, ':', encode(q0.x3, 'hex'), '␟') END WHEN q0.x2 = 1 THEN coalesce(to_json((q0.x5)::text)::text, 'null') ELSE 'null' END, ',"address":', CASE WHEN q0.x2 = 0 THEN CASE WHEN q0.x6 IS NULL THEN 'null' ELSE concat('␞s1:', (q0.x4)::text, ':', encode(q0.x6, 'hex'), '␟') END WHEN q0.x2 = 1 THEN coalesce(to_json((q0.x7)::text)::text, 'null') ELSE 'null' END, '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text))) AND (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 1 WHEN (((t.owner_path = $1::text))) THEN 2 ELSE 3 END AS x0, t.identity_mask AS x1, CASE WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x2, t.mobile_cipher AS x3, t.id AS x4, t.mobile_mask AS x5, t.address_cipher AS x6, t.address_mask AS x7, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- assets without a purpose (lin)
-- { customers(first: 20) { nodes { assets { visibility band averageSavings12m { amount } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x2)::text, ':', (q0.x0)::text, '␟{"assets":{"visibility":', CASE WHEN q0.x0 IN (0, 2) THEN '"MASKED"' ELSE '"WITHHELD"' END, ',"band":', CASE WHEN q0.x0 IN (0, 2) THEN coalesce(to_json((q0.x1)::text)::text, 'null') ELSE 'null' END, ',"averageSavings12m":', 'null', '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text))) AND (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 1 WHEN (((t.owner_path = $1::text))) THEN 2 ELSE 3 END AS x0,
        (SELECT CASE WHEN e.average_savings >= 500000000 THEN 'FROM_5M' WHEN e.average_savings >= 100000000 THEN 'FROM_1M' WHEN e.average_savings >= 50000000 THEN 'FROM_500K' WHEN e.average_savings >= 5000000 THEN 'FROM_50K' ELSE 'BELOW_50K' END
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- assets with a purpose (lin)
-- { customers(first: 20) { nodes { assets(purpose: {code: ADVICE, text: "sweep"}) { band averageSavings12m { amount currency } asOf } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x5)::text, ':', (q0.x0)::text, '␟{"assets":{"band":', CASE WHEN q0.x0 = 2 THEN 'null' ELSE coalesce(to_json((q0.x1)::text)::text, 'null') END, ',"averageSavings12m":', CASE WHEN q0.x0 = 0 THEN CASE WHEN q0.x2 IS NULL OR q0.x3 IS NULL THEN 'null' ELSE concat('{"amount":', ('"' || CASE WHEN q0.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q0.x2)::text ELSE ((q0.x2)::numeric * 0.01)::text END || '"'), ',"currency":', to_json((q0.x3)::text)::text, '}') END ELSE 'null' END, ',"asOf":', CASE WHEN q0.x0 = 0 THEN coalesce(to_char(q0.x4, '\"YYYY-MM-DD\"'), 'null') ELSE 'null' END, '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x0,
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
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- balances and loans below a section (lin)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}) { nodes { assets { balances { balance { amount } day } loans { number outstanding { amount } } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x1)::text, ':', (q0.x0)::text, '␟{"assets":{"balances":', CASE WHEN q0.x0 = 2 THEN '[]' ELSE
      (SELECT concat('[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']')
      FROM
        (SELECT q1.n AS n, concat('␞r1:', (q1.x3)::text, ':', (q0.x0)::text, '␟{"balance":', CASE WHEN q0.x0 = 0 THEN concat('{"amount":', ('"' || CASE WHEN q1.x1 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q1.x0)::text ELSE ((q1.x0)::numeric * 0.01)::text END || '"'), '}') ELSE 'null' END, ',"day":', CASE WHEN q0.x0 = 0 THEN to_char(q1.x2, '\"YYYY-MM-DD\"') ELSE 'null' END, '}') AS r0
        FROM
          (SELECT t.amount AS x0, a.currency AS x1, t.day AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.day, t.id) AS n
          FROM balance t JOIN account a ON a.serial = t.account_serial
          WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1 AND NOT EXISTS
            (SELECT 1
            FROM balance n
            WHERE n.account_serial = t.account_serial AND n.kind = t.kind AND n.superseded_at IS NULL AND n.day > t.day)
          ORDER BY t.day, t.id LIMIT 500) q1) w1) END, ',"loans":', CASE WHEN q0.x0 = 2 THEN '[]' ELSE
      (SELECT concat('[', coalesce(string_agg(w2.r0, ',' ORDER BY w2.n), ''), ']')
      FROM
        (SELECT q2.n AS n, concat('␞r2:', (q2.x3)::text, ':', (q0.x0)::text, '␟{"number":', CASE WHEN q0.x0 = 0 THEN to_json((q2.x0)::text)::text ELSE 'null' END, ',"outstanding":', CASE WHEN q0.x0 = 0 THEN CASE WHEN q2.x1 IS NULL THEN 'null' ELSE concat('{"amount":', ('"' || CASE WHEN q2.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q2.x1)::text ELSE ((q2.x1)::numeric * 0.01)::text END || '"'), '}') END ELSE 'null' END, '}') AS r0
        FROM
          (SELECT t.number AS x0,
            (SELECT s.outstanding
            FROM loan_standing s
            WHERE s.loan_id = t.id AND s.superseded_at IS NULL
            ORDER BY s.as_of DESC LIMIT 1) AS x1, t.currency AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.number) AS n
          FROM loan t
          WHERE q0.x0 = 0 AND t.customer_id = q0.x1
          ORDER BY t.number LIMIT 500) q2) w2) END, '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- assets that are denied (officer)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}) { nodes { assets { visibility balances { day } loans { number } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"assets":{"visibility":', '"WITHHELD"', ',"balances":', '[]', ',"loans":', '[]', '}}') AS r0
    FROM
      (SELECT CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN 0 ELSE 1 END AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- a page of transactions (lin)
-- { customers(first: 20) { nodes { transactions(first: 2, purpose: {code: ADVICE, text: "sweep"}) { visibility totalCount nodes { day direction amount { amount } } pageInfo { hasNextPage endCursor } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x1)::text, ':', (q0.x0)::text, '␟{"transactions":', CASE WHEN q0.x0 = 0 THEN
      (SELECT concat('{"visibility":', CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END, ',"totalCount":', (
        (SELECT count(*)
        FROM transaction_line t JOIN account a ON a.serial = t.account_serial
        WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1))::text, ',"nodes":[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), '],"pageInfo":{"hasNextPage":', CASE WHEN count(*) > 2 THEN 'true' ELSE 'false' END, ',"endCursor":', coalesce(substr(max(w1.u), 5), 'null'), '}}')
      FROM
        (SELECT q1.n AS n, CASE WHEN q1.n <= 2 THEN concat('␞r1:', (q1.x4)::text, ':', (q0.x0)::text, '␟{"day":', CASE WHEN q0.x0 = 0 THEN to_char(q1.x0, '\"YYYY-MM-DD\"') ELSE 'null' END, ',"direction":', CASE WHEN q0.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, ',"amount":', CASE WHEN q0.x0 = 0 THEN concat('{"amount":', ('"' || CASE WHEN q1.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q1.x2)::text ELSE ((q1.x2)::numeric * 0.01)::text END || '"'), '}') ELSE 'null' END, '}') END AS r0, CASE WHEN q1.n <= 2 THEN lpad((q1.n)::text, 4, '0') || concat('␞c1:[', to_char(q1.x0, '\"YYYY-MM-DD\"'), ',', (q1.x4)::text, ']␟') COLLATE "C" END AS u
        FROM
          (SELECT t.day AS x0, t.direction AS x1, t.amount AS x2, a.currency AS x3, t.id AS x4, ROW_NUMBER() OVER (ORDER BY t.day, t.id) AS n
          FROM transaction_line t JOIN account a ON a.serial = t.account_serial
          WHERE q0.x0 = 0 AND t.superseded_at IS NULL AND a.customer_id = q0.x1
          ORDER BY t.day, t.id LIMIT 3) q1) w1) ELSE concat('{"visibility":', CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END, ',"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}') END, '}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- the deputy and the recused (luo)
-- { customers(first: 20) { nodes { accounts { nodes { number } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x1)::text, ':', (q0.x0)::text, '␟{"accounts":{"nodes":', CASE WHEN q0.x0 = 2 THEN '[]' ELSE
      (SELECT concat('[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']')
      FROM
        (SELECT q1.n AS n, concat('␞r1:', (q1.x1)::text, ':', (q0.x0)::text, '␟{"number":', CASE WHEN q0.x0 = 0 THEN concat('␞s0:', (q1.x1)::text, ':', encode(q1.x0, 'hex'), '␟') WHEN q0.x0 = 1 THEN coalesce(to_json((q1.x2)::text)::text, 'null') ELSE 'null' END, '}') AS r0
        FROM
          (SELECT t.number_cipher AS x0, t.id AS x1, t.number_mask AS x2, ROW_NUMBER() OVER (ORDER BY t.serial) AS n
          FROM account t
          WHERE q0.x0 IN (0, 1) AND t.customer_id = q0.x1
          ORDER BY t.serial LIMIT 500) q1) w1) END, '}}') AS r0
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x0, t.id AS x1, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- filtered by what everybody sees (lin)
-- query ($where: CustomerWhere) { customers(first: 20, where: $where) { totalCount nodes { id } } }
-- parameters: 1 fact path 0; 2 value (list); 3 value; 4 fact me; 5 mark epoch; 6 UUID('00000000-0000-4000-8000-000000000001'); 7 mark tree_epoch; 8 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM customer t
    WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND ((((t.owner_path = $1::text)))) AND (t.number = ANY($2::text[]) AND
      (SELECT m.tier
      FROM membership m
      WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) = $3::text)))::text, ',"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND ((((t.owner_path = $1::text)))) AND (t.number = ANY($2::text[]) AND
        (SELECT m.tier
        FROM membership m
        WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) = $3::text)
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $4::uuid AND f.epoch = $5::bigint AND h.id = $6::uuid AND h.tree_epoch = $7::bigint AND h.policy_version = $8::text);

-- filtered and sorted by figures (lin)
-- { customers(first: 20, purpose: {code: ADVICE, text: "sweep"}, orderBy: [AVERAGE_SAVINGS_DESC], where: {averageSavings: {currency: "CNY", ge: "123456.78"}}) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 value; 5 value; 6 mark epoch; 7 UUID('00000000-0000-4000-8000-000000000001'); 8 mark tree_epoch; 9 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x0)::text, '␟{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
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
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND ((((t.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at)))))) AND (
        (SELECT e.currency
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) = $4::text AND
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) >= $5::bigint)
      ORDER BY (
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) IS NULL),
        (SELECT e.average_savings
        FROM evaluation e
        WHERE e.customer_id = t.id
        ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) DESC, t.number DESC LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $6::bigint AND h.id = $7::uuid AND h.tree_epoch = $8::bigint AND h.policy_version = $9::text);

-- and, or, not and an empty in (officer)
-- { customers(first: 20, where: {or: [{number: {eq: "C1"}}, {not: {tier: {in: []}}}, {and: [{openedOn: {ge: "2020-01-01"}}, {openedOn: {le: "2026-01-01"}}]}]}) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 value; 4 value (list); 5 value; 6 value; 7 fact me; 8 mark epoch; 9 UUID('00000000-0000-4000-8000-000000000001'); 10 mark tree_epoch; 11 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END AND t.merged_into_id IS NULL AND (((((t.owner_path >= $1::text AND t.owner_path < $2::text))))) AND (((t.number = $3::text) OR (NOT COALESCE((
        (SELECT m.tier
        FROM membership m
        WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) = ANY($4::text[])), 1 = 0)) OR (((t.opened_on >= $5::date) AND (t.opened_on <= $6::date)))))
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $7::uuid AND f.epoch = $8::bigint AND h.id = $9::uuid AND h.tree_epoch = $10::bigint AND h.policy_version = $11::text);

-- my own customers (lin)
-- { customers(first: 20, portfolio: MINE) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- my branch's customers (lin)
-- { customers(first: 20, portfolio: BRANCH) { nodes { id } } }
-- parameters: 1 fact path 0; 2 fact paths (list); 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.owner_path = ANY($2::text[])
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- one customer (lin)
-- query ($id: ID!) { customer(id: $id) { id status { number tier manager { staff { name } } } name { value } owner { name } archive { number state } } }
-- parameters: 1 now; 2 fact path 0; 3 value; 4 fact me; 5 mark epoch; 6 UUID('00000000-0000-4000-8000-000000000001'); 7 mark tree_epoch; 8 mark policy_version
SELECT
  (SELECT concat('␞r0:', (q0.x0)::text, ':', (q0.x1)::text, ',', (q0.x1)::text, '␟{"id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), ',"status":{"number":', CASE WHEN q0.x1 = 0 THEN to_json((q0.x2)::text)::text ELSE 'null' END, ',"tier":', CASE WHEN q0.x1 = 0 THEN coalesce(to_json((q0.x3)::text)::text, 'null') ELSE 'null' END, ',"manager":', CASE WHEN q0.x1 = 0 THEN coalesce(
    (SELECT concat('␞r1:', (q1.x1)::text, '␟{"staff":', coalesce(
      (SELECT concat('␞r2:', (q2.x1)::text, '␟{"name":', to_json((q2.x0)::text)::text, '}')
      FROM
        (SELECT t.name AS x0, t.id AS x1
        FROM staff t
        WHERE (((1 = 1))) AND t.id = q1.x0) q2), 'null'), '}')
    FROM
      (SELECT t.manager_id AS x0, t.id AS x1
      FROM manager_assignment t
      WHERE (1 = 1) AND t.customer_id = q0.x0 AND t.valid_from <= $1::timestamptz AND (t.valid_to IS NULL OR $1::timestamptz < t.valid_to) AND (t.ended_at IS NULL OR $1::timestamptz < t.ended_at)
      ORDER BY t.valid_from, t.id LIMIT 1) q1), 'null') ELSE 'null' END, '},"name":{"value":', CASE WHEN q0.x1 = 0 THEN to_json((q0.x4)::text)::text ELSE 'null' END, '},"owner":', coalesce(
    (SELECT concat('␞r3:', (q3.x1)::text, '␟{"name":', to_json((q3.x0)::text)::text, '}')
    FROM
      (SELECT t.name AS x0, t.id AS x1
      FROM institution t
      WHERE (((1 = 1))) AND t.id = q0.x5) q3), 'null'), ',"archive":', coalesce(
    (SELECT concat('␞r4:', (q4.x2)::text, ':', (q0.x1)::text, '␟{"number":', CASE WHEN q0.x1 = 0 THEN to_json((q4.x0)::text)::text ELSE '␞!␟' END, ',"state":', CASE WHEN q0.x1 = 0 THEN to_json((q4.x1)::text)::text ELSE '␞!␟' END, '}')
    FROM
      (SELECT t.number AS x0, t.state AS x1, t.id AS x2
      FROM archive t
      WHERE q0.x6 = 1 AND t.customer_id = q0.x0
      ORDER BY t.number LIMIT 1) q4), 'null'), '}')
  FROM
    (SELECT t.id AS x0, CASE WHEN (((t.owner_path = $2::text))) THEN 0 ELSE 1 END AS x1, t.number AS x2,
      (SELECT m.tier
      FROM membership m
      WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over) AS x3, t.name AS x4, t.owner_id AS x5, CASE WHEN (((t.owner_path = $2::text))) THEN 1 ELSE 0 END AS x6
    FROM customer t
    WHERE (((t.owner_path = $2::text))) AND t.merged_into_id IS NULL AND t.id = $3::uuid) q0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $4::uuid AND f.epoch = $5::bigint AND h.id = $6::uuid AND h.tree_epoch = $7::bigint AND h.policy_version = $8::text);

-- a node, by fragments (lin)
-- query ($id: ID!) { node(id: $id) { __typename id ... on Customer { name { value } } ... on Staff { number } } }
-- parameters: 1 fact path 0; 2 value; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('␞r0:', (q0.x0)::text, ':', (q0.x1)::text, '␟{"__typename":"Customer","id":', ('"' || translate(rtrim(encode(convert_to('customer:', 'UTF8') || uuid_send(q0.x0), 'base64'), '='), '+/', '-_') || '"'), ',"name":{"value":', CASE WHEN q0.x1 = 0 THEN to_json((q0.x2)::text)::text ELSE 'null' END, '}}')
  FROM
    (SELECT t.id AS x0, CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x1, t.name AS x2
    FROM customer t
    WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = $2::uuid) q0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- aliases, fragments and merging (lin)
-- { all: customers(first: 20) { rows: nodes { ...a ...b } nodes { __typename } } } fragment a on Customer { name { value } } fragment b on Customer { name { visibility } owner { name } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 UUID('00000000-0000-4000-8000-000000000001'); 5 mark tree_epoch; 6 mark policy_version
SELECT
  (SELECT concat('{"rows":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), '],"nodes":[', coalesce(string_agg(w0.r1, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x3)::text, ':', (q0.x0)::text, '␟{"name":{"value":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE 'null' END, ',"visibility":', CASE WHEN q0.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END, '},"owner":', coalesce(
      (SELECT concat('␞r1:', (q1.x1)::text, '␟{"name":', to_json((q1.x0)::text)::text, '}')
      FROM
        (SELECT t.name AS x0, t.id AS x1
        FROM institution t
        WHERE (((1 = 1))) AND t.id = q0.x2) q1), 'null'), '}') AS r0, '{"__typename":"Customer"}' AS r1
    FROM
      (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.name AS x1, t.owner_id AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $3::bigint AND h.id = $4::uuid AND h.tree_epoch = $5::bigint AND h.policy_version = $6::text);

-- institutions within institutions (nobody)
-- { institutions(first: 20) { nodes { code level children(first: 5) { totalCount nodes { code } } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 UUID('00000000-0000-4000-8000-000000000001'); 4 mark tree_epoch; 5 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"code":', to_json((q0.x0)::text)::text, ',"level":', to_json((q0.x1)::text)::text, ',"children":',
      (SELECT concat('{"totalCount":', (
        (SELECT count(*)
        FROM institution t
        WHERE (((1 = 1))) AND t.parent_id = q0.x2))::text, ',"nodes":[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']}')
      FROM
        (SELECT q1.n AS n, concat('{"code":', to_json((q1.x0)::text)::text, '}') AS r0
        FROM
          (SELECT t.code AS x0, ROW_NUMBER() OVER (ORDER BY t.path) AS n
          FROM institution t
          WHERE (((1 = 1))) AND t.parent_id = q0.x2
          ORDER BY t.path LIMIT 5) q1) w1), '}') AS r0
    FROM
      (SELECT t.code AS x0, t.level AS x1, t.id AS x2, ROW_NUMBER() OVER (ORDER BY t.path) AS n
      FROM institution t
      WHERE (((1 = 1)))
      ORDER BY t.path LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $1::uuid AND f.epoch = $2::bigint AND h.id = $3::uuid AND h.tree_epoch = $4::bigint AND h.policy_version = $5::text);

-- there and back (lin)
-- { customers(first: 5) { nodes { membership { customer { archive { customer { status { number } } } } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 mark epoch; 4 UUID('00000000-0000-4000-8000-000000000001'); 5 mark tree_epoch; 6 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"membership":', coalesce(
      (SELECT concat('{"customer":', coalesce(
        (SELECT concat('{"archive":', coalesce(
          (SELECT concat('{"customer":', coalesce(
            (SELECT concat('{"status":{"number":', CASE WHEN q4.x0 = 0 THEN to_json((q4.x1)::text)::text ELSE 'null' END, '}}')
            FROM
              (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.number AS x1
              FROM customer t
              WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = q3.x0) q4), 'null'), '}')
          FROM
            (SELECT t.customer_id AS x0
            FROM archive t
            WHERE q2.x0 = 1 AND t.customer_id = q2.x1
            ORDER BY t.number LIMIT 1) q3), 'null'), '}')
        FROM
          (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 0 END AS x0, t.id AS x1
          FROM customer t
          WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = q1.x0) q2), 'null'), '}')
      FROM
        (SELECT t.customer_id AS x0
        FROM membership t
        WHERE (1 = 1) AND t.customer_id = q0.x0 AND NOT t.over
        ORDER BY t.id LIMIT 1) q1), 'null'), '}') AS r0
    FROM
      (SELECT t.id AS x0, ROW_NUMBER() OVER (ORDER BY t.number) AS n
      FROM customer t
      WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL
      ORDER BY t.number LIMIT 5) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $3::bigint AND h.id = $4::uuid AND h.tree_epoch = $5::bigint AND h.policy_version = $6::text);

-- filings before their recorder (bai)
-- { filings(first: 20) { nodes { state customer { name { value } assets(purpose: {code: ADVICE, text: "sweep"}) { visibility } } } } }
-- parameters: 1 fact paths_deciding filing_recorder (list); 2 fact path 0; 3 fact path_end 0; 4 fact institution 0; 5 fact me; 6 mark epoch; 7 UUID('00000000-0000-4000-8000-000000000001'); 8 mark tree_epoch; 9 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x4)::text, ':', (q0.x0)::text, ',', CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 = ANY($1::text[])) THEN '1' ELSE '0' END, '␟{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"customer":', coalesce(
      (SELECT concat('␞r1:', (q1.x2)::text, ':', (q1.x0)::text, '␟{"name":{"value":', CASE WHEN q1.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, '},"assets":{"visibility":', CASE WHEN q1.x0 = 0 THEN '"VISIBLE"' ELSE '"WITHHELD"' END, '}}')
      FROM
        (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 = ANY($1::text[])) THEN CASE WHEN (((t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 = ANY($1::text[])) THEN q0.x3 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2
        FROM customer t
        WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 = ANY($1::text[])) THEN ((((t.owner_path >= $2::text AND t.owner_path < $3::text)) OR (t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x2 = ANY($1::text[])) THEN q0.x3 END))) ELSE (t.tier2_id = $4::uuid AND CASE WHEN ((((t.owner_path >= $2::text AND t.owner_path < $3::text)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x3) q1), 'null'), '}') AS r0
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= $2::text AND c.owner_path < $3::text)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.submitted_to_path AS x2, t.customer_id AS x3, t.id AS x4, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= $2::text AND c.owner_path < $3::text)))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $5::uuid AND f.epoch = $6::bigint AND h.id = $7::uuid AND h.tree_epoch = $8::bigint AND h.policy_version = $9::text);

-- filings of others (lin)
-- { filings(first: 20) { nodes { state customer { name { value } assets(purpose: {code: ADVICE, text: "sweep"}) { visibility } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x3)::text, ':', (q0.x0)::text, '␟{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"customer":', coalesce(
      (SELECT concat('␞r1:', (q1.x3)::text, ':', (q1.x0)::text, '␟{"name":{"value":', CASE WHEN q1.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, '},"assets":{"visibility":', CASE WHEN q1.x2 = 0 THEN '"VISIBLE"' WHEN q1.x2 = 1 THEN '"MASKED"' ELSE '"WITHHELD"' END, '}}')
      FROM
        (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.name AS x1, CASE WHEN (((t.owner_path = $1::text AND EXISTS
          (SELECT 1
          FROM manager_assignment m
          WHERE m.customer_id = t.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((t.owner_path = $1::text))) THEN 1 ELSE 2 END AS x2, t.id AS x3
        FROM customer t
        WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = q0.x2) q1), 'null'), '}') AS r0
    FROM
      (SELECT CASE WHEN (((c.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.customer_id AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = $1::text))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- an exception with what was missed, before its approver (deng)
-- { exceptionCases(first: 20) { nodes { state category grounds { submitted } customer { name { value } } shortfalls { kind short { amount } } } } }
-- parameters: 1 fact paths_deciding exc_approver (list); 2 fact path 0; 3 fact path_end 0; 4 fact institution 0; 5 fact me; 6 mark epoch; 7 UUID('00000000-0000-4000-8000-000000000001'); 8 mark tree_epoch; 9 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x6)::text, ':', (q0.x0)::text, ',', (q0.x0)::text, ',', CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN '1' ELSE '0' END, '␟{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"category":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x2)::text)::text ELSE '␞!␟' END, ',"grounds":{"submitted":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x3)::text)::text ELSE 'null' END, '},"customer":', coalesce(
      (SELECT concat('␞r1:', (q1.x2)::text, ':', (q1.x0)::text, '␟{"name":{"value":', CASE WHEN q1.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, '}}')
      FROM
        (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN CASE WHEN (((t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN q0.x5 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2
        FROM customer t
        WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN ((((t.owner_path >= $2::text AND t.owner_path < $3::text)) OR (t.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN q0.x5 END))) ELSE (t.tier1_id = $4::uuid AND CASE WHEN ((((t.owner_path >= $2::text AND t.owner_path < $3::text)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x5) q1), 'null'), ',"shortfalls":',
      (SELECT concat('[', coalesce(string_agg(w2.r0, ',' ORDER BY w2.n), ''), ']')
      FROM
        (SELECT q2.n AS n, concat('␞r2:', (q2.x4)::text, ':', (q2.x0)::text, '␟{"kind":', CASE WHEN q2.x0 = 0 THEN to_json((q2.x1)::text)::text ELSE '␞!␟' END, ',"short":', CASE WHEN q2.x0 = 0 THEN concat('{"amount":', ('"' || CASE WHEN q2.x3 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q2.x2)::text ELSE ((q2.x2)::numeric * 0.01)::text END || '"'), '}') ELSE 'null' END, '}') AS r0
        FROM
          (SELECT CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN CASE WHEN (((c.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN q0.x5 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.kind AS x1, t.short AS x2, t.currency AS x3, t.id AS x4, ROW_NUMBER() OVER (ORDER BY t.kind, t.indicator_code, t.id) AS n
          FROM exception_shortfall t JOIN customer c ON c.id = t.customer_id
          WHERE CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN ((((c.id = CASE WHEN (q0.x1 = 'SUBMITTED' AND q0.x4 = ANY($1::text[])) THEN q0.x5 END)))) ELSE (1 = 0) END AND c.merged_into_id IS NULL AND t.case_id = q0.x6
          ORDER BY t.kind, t.indicator_code, t.id LIMIT 500) q2) w2), '}') AS r0
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= $2::text AND c.owner_path < $3::text)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.category AS x2, t.reason AS x3, t.submitted_to_path AS x4, t.customer_id AS x5, t.id AS x6, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM exception_case t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= $2::text AND c.owner_path < $3::text)))) AND c.merged_into_id IS NULL
      ORDER BY t.submitted_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $5::uuid AND f.epoch = $6::bigint AND h.id = $7::uuid AND h.tree_epoch = $8::bigint AND h.policy_version = $9::text);

-- members without a full-time manager (han)
-- { memberships(first: 20, where: {unserved: {eq: true}}) { totalCount nodes { state managerStanding termEnds } } }
-- parameters: 1 fact path 0; 2 value (list); 3 now; 4 value; 5 fact me; 6 mark epoch; 7 UUID('00000000-0000-4000-8000-000000000001'); 8 mark tree_epoch; 9 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM membership t JOIN customer c ON c.id = t.customer_id
    WHERE (((c.owner_path = $1::text))) AND c.merged_into_id IS NULL AND ((((c.owner_path = $1::text)))) AND ((t.state = ANY($2::text[]) AND NOT COALESCE(COALESCE(
      (SELECT CASE WHEN (f.left_at IS NULL OR $3::timestamptz < f.left_at) AND NOT EXISTS
        (SELECT 1
        FROM suspension u
        WHERE u.staff_id = f.id AND u.valid_from <= $3::timestamptz AND (u.valid_to IS NULL OR $3::timestamptz < u.valid_to) AND (u.ended_at IS NULL OR $3::timestamptz < u.ended_at)) THEN COALESCE(
        (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
        FROM assignment a JOIN institution i ON i.id = a.institution_id
        WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= $3::timestamptz AND (a.valid_to IS NULL OR $3::timestamptz < a.valid_to) AND (a.ended_at IS NULL OR $3::timestamptz < a.ended_at) AND i.acting_path = c.owner_path
        ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
      FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
      WHERE m.customer_id = t.customer_id AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at)), 'NOBODY') = $4::text, 1 = 0)))))::text, ',"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"managerStanding":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x2)::text)::text ELSE '␞!␟' END, ',"termEnds":', CASE WHEN q0.x0 = 0 THEN coalesce(to_char(q0.x3, '\"YYYY-MM-DD\"'), 'null') ELSE 'null' END, '}') AS r0
    FROM
      (SELECT CASE WHEN (((c.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.state AS x1, COALESCE(
        (SELECT CASE WHEN (f.left_at IS NULL OR $3::timestamptz < f.left_at) AND NOT EXISTS
          (SELECT 1
          FROM suspension u
          WHERE u.staff_id = f.id AND u.valid_from <= $3::timestamptz AND (u.valid_to IS NULL OR $3::timestamptz < u.valid_to) AND (u.ended_at IS NULL OR $3::timestamptz < u.ended_at)) THEN COALESCE(
          (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
          FROM assignment a JOIN institution i ON i.id = a.institution_id
          WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= $3::timestamptz AND (a.valid_to IS NULL OR $3::timestamptz < a.valid_to) AND (a.ended_at IS NULL OR $3::timestamptz < a.ended_at) AND i.acting_path = c.owner_path
          ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
        FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
        WHERE m.customer_id = t.customer_id AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at)), 'NOBODY') AS x2, t.term_ends AS x3, ROW_NUMBER() OVER (ORDER BY t.id) AS n
      FROM membership t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = $1::text))) AND c.merged_into_id IS NULL AND ((((c.owner_path = $1::text)))) AND ((t.state = ANY($2::text[]) AND NOT COALESCE(COALESCE(
        (SELECT CASE WHEN (f.left_at IS NULL OR $3::timestamptz < f.left_at) AND NOT EXISTS
          (SELECT 1
          FROM suspension u
          WHERE u.staff_id = f.id AND u.valid_from <= $3::timestamptz AND (u.valid_to IS NULL OR $3::timestamptz < u.valid_to) AND (u.ended_at IS NULL OR $3::timestamptz < u.ended_at)) THEN COALESCE(
          (SELECT CASE WHEN a.full_time THEN 'FULL_TIME' ELSE 'PART_TIME' END
          FROM assignment a JOIN institution i ON i.id = a.institution_id
          WHERE a.staff_id = f.id AND a.role = 'cust_mgr' AND a.valid_from <= $3::timestamptz AND (a.valid_to IS NULL OR $3::timestamptz < a.valid_to) AND (a.ended_at IS NULL OR $3::timestamptz < a.ended_at) AND i.acting_path = c.owner_path
          ORDER BY a.full_time DESC LIMIT 1), 'NOT_AT_WORK') ELSE 'NOT_AT_WORK' END
        FROM manager_assignment m JOIN staff f ON f.id = m.manager_id
        WHERE m.customer_id = t.customer_id AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at)), 'NOBODY') = $4::text, 1 = 0)))
      ORDER BY t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $5::uuid AND f.epoch = $6::bigint AND h.id = $7::uuid AND h.tree_epoch = $8::bigint AND h.policy_version = $9::text);

-- my own work (lin)
-- { workItems(first: 20, portfolio: MINE, orderBy: [DUE_ON_ASC]) { nodes { kind dueOn note customer { status { number } } } } }
-- parameters: 1 fact path 0; 2 fact me; 3 now; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"kind":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"dueOn":', CASE WHEN q0.x0 = 0 THEN to_char(q0.x2, '\"YYYY-MM-DD\"') ELSE '␞!␟' END, ',"note":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x3)::text)::text ELSE '␞!␟' END, ',"customer":', coalesce(
      (SELECT concat('{"status":{"number":', CASE WHEN q1.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, '}}')
      FROM
        (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.number AS x1
        FROM customer t
        WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = q0.x4) q1), 'null'), '}') AS r0
    FROM
      (SELECT CASE WHEN (((c.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) THEN 0 WHEN (((c.owner_path = $1::text))) THEN 1 ELSE 2 END AS x0, t.kind AS x1, t.due_on AS x2, t.note AS x3, t.customer_id AS x4, ROW_NUMBER() OVER (ORDER BY t.due_on, t.id) AS n
      FROM work_item t JOIN customer c ON c.id = t.customer_id
      WHERE (((c.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))) AND c.merged_into_id IS NULL AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at)) AND ((((c.owner_path = $1::text AND EXISTS
        (SELECT 1
        FROM manager_assignment m
        WHERE m.customer_id = c.id AND m.manager_id = $2::uuid AND m.valid_from <= $3::timestamptz AND (m.valid_to IS NULL OR $3::timestamptz < m.valid_to) AND (m.ended_at IS NULL OR $3::timestamptz < m.ended_at))))))
      ORDER BY t.due_on, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $2::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- filings that wait for their recorder (bai)
-- { filingsToRecord(first: 20) { totalCount nodes { submittedAt customer { name { value } } } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 now; 5 fact paths_deciding filing_recorder (list); 6 fact institution 0; 7 mark epoch; 8 UUID('00000000-0000-4000-8000-000000000001'); 9 mark tree_epoch; 10 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM filing t JOIN customer c ON c.id = t.customer_id
    WHERE ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND c.merged_into_id IS NULL AND (((t.submitted_to_path = $1::text))) AND t.state = 'SUBMITTED' AND EXISTS
      (SELECT 1
      FROM assignment mine
      WHERE mine.staff_id = $3::uuid AND mine.role = 'filing_recorder' AND mine.department = 'PERSONAL_BANKING' AND mine.institution_id = t.submitted_to_id AND mine.valid_from <= $4::timestamptz AND (mine.valid_to IS NULL OR $4::timestamptz < mine.valid_to) AND (mine.ended_at IS NULL OR $4::timestamptz < mine.ended_at)) AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = $3::uuid) <> t.submitted_person_id, 1 = 1) AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = $3::uuid) <>
      (SELECT o.person_id
      FROM evaluation e JOIN screening g ON g.id = e.screening_id JOIN staff o ON o.id = g.started_by_id
      WHERE e.id = t.evaluation_id), 1 = 1)))::text, ',"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('␞r0:', (q0.x5)::text, ':', (q0.x0)::text, ',', CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 = ANY($5::text[])) THEN '1' ELSE '0' END, '␟{"submittedAt":', CASE WHEN q0.x0 = 0 THEN to_char(q0.x1 AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', q0.x1) = q0.x1 THEN '\"YYYY-MM-DD"T"HH24:MI:SS"+00:00"\"' ELSE '\"YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\"' END) ELSE '␞!␟' END, ',"customer":', coalesce(
      (SELECT concat('␞r1:', (q1.x2)::text, ':', (q1.x0)::text, '␟{"name":{"value":', CASE WHEN q1.x0 = 0 THEN to_json((q1.x1)::text)::text ELSE 'null' END, '}}')
      FROM
        (SELECT CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 = ANY($5::text[])) THEN CASE WHEN (((t.id = CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 = ANY($5::text[])) THEN q0.x4 END))) THEN 0 ELSE 1 END ELSE (0) + 2 END AS x0, t.name AS x1, t.id AS x2
        FROM customer t
        WHERE CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 = ANY($5::text[])) THEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)) OR (t.id = CASE WHEN (q0.x3 = 'SUBMITTED' AND q0.x2 = ANY($5::text[])) THEN q0.x4 END))) ELSE (t.tier2_id = $6::uuid AND CASE WHEN ((((t.owner_path >= $1::text AND t.owner_path < $2::text)))) THEN TRUE ELSE FALSE END) END AND t.merged_into_id IS NULL AND t.id = q0.x4) q1), 'null'), '}') AS r0
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) THEN 0 ELSE 1 END AS x0, t.submitted_at AS x1, t.submitted_to_path AS x2, t.state AS x3, t.customer_id AS x4, t.id AS x5, ROW_NUMBER() OVER (ORDER BY t.submitted_at, t.id) AS n
      FROM filing t JOIN customer c ON c.id = t.customer_id
      WHERE ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND c.merged_into_id IS NULL AND (((t.submitted_to_path = $1::text))) AND t.state = 'SUBMITTED' AND EXISTS
        (SELECT 1
        FROM assignment mine
        WHERE mine.staff_id = $3::uuid AND mine.role = 'filing_recorder' AND mine.department = 'PERSONAL_BANKING' AND mine.institution_id = t.submitted_to_id AND mine.valid_from <= $4::timestamptz AND (mine.valid_to IS NULL OR $4::timestamptz < mine.valid_to) AND (mine.ended_at IS NULL OR $4::timestamptz < mine.ended_at)) AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = $3::uuid) <> t.submitted_person_id, 1 = 1) AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = $3::uuid) <>
        (SELECT o.person_id
        FROM evaluation e JOIN screening g ON g.id = e.screening_id JOIN staff o ON o.id = g.started_by_id
        WHERE e.id = t.evaluation_id), 1 = 1)
      ORDER BY t.submitted_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $7::bigint AND h.id = $8::uuid AND h.tree_epoch = $9::bigint AND h.policy_version = $10::text);

-- merges that wait for an officer above both (wu)
-- { customerMergesToDecide(first: 20) { totalCount nodes { state reason goneNumber } } }
-- parameters: 1 fact path 0; 2 fact path_end 0; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"totalCount":', (
    (SELECT count(*)
    FROM customer_merge t JOIN customer c ON c.id = t.kept_id
    WHERE ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND ((((
      (SELECT g.owner_path
      FROM customer g
      WHERE g.id = t.gone_id) >= $1::text AND
      (SELECT g.owner_path
      FROM customer g
      WHERE g.id = t.gone_id) < $2::text)))) AND ((t.state = 'PROPOSED' AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = $3::uuid) <> t.proposed_person_id, 1 = 1)) OR (t.state = 'SPLIT_PROPOSED' AND COALESCE(
      (SELECT me.person_id
      FROM staff me
      WHERE me.id = $3::uuid) <> t.split_proposed_person_id, 1 = 1)))))::text, ',"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"reason":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x2)::text)::text ELSE '␞!␟' END, ',"goneNumber":', CASE WHEN q0.x0 = 0 THEN coalesce(to_json((q0.x3)::text)::text, 'null') ELSE 'null' END, '}') AS r0
    FROM
      (SELECT CASE WHEN ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) THEN 0 ELSE 1 END AS x0, t.state AS x1, t.reason AS x2,
        (SELECT g.number
        FROM customer g
        WHERE g.id = t.gone_id AND t.state IN ('MERGED', 'SPLIT_PROPOSED')) AS x3, ROW_NUMBER() OVER (ORDER BY t.proposed_at, t.id) AS n
      FROM customer_merge t JOIN customer c ON c.id = t.kept_id
      WHERE ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND ((((c.owner_path >= $1::text AND c.owner_path < $2::text)))) AND ((((
        (SELECT g.owner_path
        FROM customer g
        WHERE g.id = t.gone_id) >= $1::text AND
        (SELECT g.owner_path
        FROM customer g
        WHERE g.id = t.gone_id) < $2::text)))) AND ((t.state = 'PROPOSED' AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = $3::uuid) <> t.proposed_person_id, 1 = 1)) OR (t.state = 'SPLIT_PROPOSED' AND COALESCE(
        (SELECT me.person_id
        FROM staff me
        WHERE me.id = $3::uuid) <> t.split_proposed_person_id, 1 = 1)))
      ORDER BY t.proposed_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- campaigns with what they are today (nobody)
-- { campaigns(first: 20, where: {phase: {in: [EFFECTIVE, APPROVED]}}) { nodes { code phase effectiveTo thresholds { kind threshold { amount currency } } } } }
-- parameters: 1 today; 2 value (list); 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"code":', to_json((q0.x0)::text)::text, ',"phase":', to_json((q0.x1)::text)::text, ',"effectiveTo":', coalesce(to_char(q0.x2, '\"YYYY-MM-DD\"'), 'null'), ',"thresholds":',
      (SELECT concat('[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']')
      FROM
        (SELECT q1.n AS n, concat('{"kind":', to_json((q1.x0)::text)::text, ',"threshold":', CASE WHEN q1.x2 IS NULL THEN 'null' ELSE concat('{"amount":', ('"' || CASE WHEN q1.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q1.x1)::text ELSE ((q1.x1)::numeric * 0.01)::text END || '"'), ',"currency":', to_json((q1.x2)::text)::text, '}') END, '}') AS r0
        FROM
          (SELECT t.kind AS x0, t.threshold AS x1,
            (SELECT d.currency
            FROM standard d
            WHERE d.code = g.standard_code
            ORDER BY d.version DESC LIMIT 1) AS x2, ROW_NUMBER() OVER (ORDER BY t.kind, t.id) AS n
          FROM campaign_threshold t JOIN campaign g ON g.id = t.campaign_id
          WHERE (((1 = 1))) AND t.campaign_id = q0.x3
          ORDER BY t.kind, t.id LIMIT 500) q1) w1), '}') AS r0
    FROM
      (SELECT t.code AS x0, CASE WHEN t.state <> 'APPROVED' THEN t.state WHEN $1::date < t.effective_from THEN 'APPROVED' WHEN t.effective_to IS NULL OR $1::date <= t.effective_to THEN 'EFFECTIVE' ELSE 'SUPERSEDED' END AS x1, t.effective_to AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.code) AS n
      FROM campaign t
      WHERE (((1 = 1))) AND (CASE WHEN t.state <> 'APPROVED' THEN t.state WHEN $1::date < t.effective_from THEN 'APPROVED' WHEN t.effective_to IS NULL OR $1::date <= t.effective_to THEN 'EFFECTIVE' ELSE 'SUPERSEDED' END = ANY($2::text[]))
      ORDER BY t.code LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- a handover with its lines (lin)
-- { handovers(first: 20) { nodes { state at giver { name } lines(first: 5) { totalCount nodes { customer { status { number } } } } } } }
-- parameters: 1 fact path 0; 2 now; 3 fact me; 4 mark epoch; 5 UUID('00000000-0000-4000-8000-000000000001'); 6 mark tree_epoch; 7 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"state":', CASE WHEN q0.x0 = 0 THEN to_json((q0.x1)::text)::text ELSE '␞!␟' END, ',"at":', CASE WHEN q0.x0 = 0 THEN to_char(q0.x2 AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', q0.x2) = q0.x2 THEN '\"YYYY-MM-DD"T"HH24:MI:SS"+00:00"\"' ELSE '\"YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\"' END) ELSE '␞!␟' END, ',"giver":', coalesce(
      (SELECT concat('{"name":', to_json((q1.x0)::text)::text, '}')
      FROM
        (SELECT t.name AS x0
        FROM staff t
        WHERE (((1 = 1))) AND t.id = q0.x3) q1), 'null'), ',"lines":',
      (SELECT concat('{"totalCount":', (
        (SELECT count(*)
        FROM handover_line t JOIN customer c ON c.id = t.customer_id
        WHERE (((c.owner_path = $1::text))) AND c.merged_into_id IS NULL AND t.handover_id = q0.x4))::text, ',"nodes":[', coalesce(string_agg(w2.r0, ',' ORDER BY w2.n), ''), ']}')
      FROM
        (SELECT q2.n AS n, concat('{"customer":', coalesce(
          (SELECT concat('{"status":{"number":', CASE WHEN q3.x0 = 0 THEN to_json((q3.x1)::text)::text ELSE 'null' END, '}}')
          FROM
            (SELECT CASE WHEN (((t.owner_path = $1::text))) THEN 0 ELSE 1 END AS x0, t.number AS x1
            FROM customer t
            WHERE (((t.owner_path = $1::text))) AND t.merged_into_id IS NULL AND t.id = q2.x0) q3), 'null'), '}') AS r0
        FROM
          (SELECT t.customer_id AS x0, ROW_NUMBER() OVER (ORDER BY t.customer_id, t.id) AS n
          FROM handover_line t JOIN customer c ON c.id = t.customer_id
          WHERE (((c.owner_path = $1::text))) AND c.merged_into_id IS NULL AND t.handover_id = q0.x4
          ORDER BY t.customer_id, t.id LIMIT 5) q2) w2), '}') AS r0
    FROM
      (SELECT CASE WHEN (((i.acting_path = $1::text))) THEN 0 ELSE 1 END AS x0, (CASE WHEN t.state = 'SIGNED' AND t.done_at <= $2::timestamptz THEN 'DONE' ELSE t.state END) AS x1, t.at AS x2, t.giver_id AS x3, t.id AS x4, ROW_NUMBER() OVER (ORDER BY t.drawn_up_at, t.id) AS n
      FROM handover t JOIN institution i ON i.id = t.institution_id
      WHERE (((i.acting_path = $1::text)))
      ORDER BY t.drawn_up_at, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $3::uuid AND f.epoch = $4::bigint AND h.id = $5::uuid AND h.tree_epoch = $6::bigint AND h.policy_version = $7::text);

-- standards with codes and money (nobody)
-- { standards(first: 20) { nodes { code spendKinds effectiveFrom criteria { kind threshold { amount currency } } } } }
-- parameters: 1 fact me; 2 mark epoch; 3 UUID('00000000-0000-4000-8000-000000000001'); 4 mark tree_epoch; 5 mark policy_version
SELECT
  (SELECT concat('{"nodes":[', coalesce(string_agg(w0.r0, ',' ORDER BY w0.n), ''), ']}')
  FROM
    (SELECT q0.n AS n, concat('{"code":', to_json((q0.x0)::text)::text, ',"spendKinds":', CASE WHEN q0.x1 IS NULL THEN 'null' WHEN q0.x1 = '' THEN '[]' ELSE '[' || replace(to_json((q0.x1)::text)::text, ',', '","') || ']' END, ',"effectiveFrom":', to_char(q0.x2, '\"YYYY-MM-DD\"'), ',"criteria":',
      (SELECT concat('[', coalesce(string_agg(w1.r0, ',' ORDER BY w1.n), ''), ']')
      FROM
        (SELECT q1.n AS n, concat('{"kind":', to_json((q1.x0)::text)::text, ',"threshold":', concat('{"amount":', ('"' || CASE WHEN q1.x2 IN ('ISK', 'JPY', 'KRW', 'TRL') THEN (q1.x1)::text ELSE ((q1.x1)::numeric * 0.01)::text END || '"'), ',"currency":', to_json((q1.x2)::text)::text, '}'), '}') AS r0
        FROM
          (SELECT t.kind AS x0, t.threshold AS x1, d.currency AS x2, ROW_NUMBER() OVER (ORDER BY t.kind, t.id) AS n
          FROM criterion t JOIN standard d ON d.id = t.standard_id
          WHERE (((1 = 1))) AND t.standard_id = q0.x3
          ORDER BY t.kind, t.id LIMIT 500) q1) w1), '}') AS r0
    FROM
      (SELECT t.code AS x0, t.spend_kinds AS x1, t.effective_from AS x2, t.id AS x3, ROW_NUMBER() OVER (ORDER BY t.code, t.version, t.id) AS n
      FROM standard t LEFT JOIN institution o ON o.id = t.owner_id
      WHERE (((1 = 1)))
      ORDER BY t.code, t.version, t.id LIMIT 20) q0) w0) AS j
WHERE EXISTS
  (SELECT 1
  FROM staff f, house h
  WHERE f.id = $1::uuid AND f.epoch = $2::bigint AND h.id = $3::uuid AND h.tree_epoch = $4::bigint AND h.policy_version = $5::text);
