CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE journal_heads (
	chain VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	hash VARCHAR NOT NULL,
	CONSTRAINT pk_journal_heads PRIMARY KEY (chain)
);

CREATE TABLE people (
	id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	address VARCHAR NOT NULL, zone VARCHAR DEFAULT '' NOT NULL,
	CONSTRAINT pk_people PRIMARY KEY (id)
);

CREATE TABLE settings (
	"key" VARCHAR NOT NULL,
	value JSON NOT NULL,
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);

CREATE TABLE delivery_attempts (
	outbox_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	at DATETIME NOT NULL,
	ok BOOLEAN NOT NULL,
	error VARCHAR,
	CONSTRAINT pk_delivery_attempts PRIMARY KEY (outbox_id, number),
	CONSTRAINT ck_delivery_attempts_error CHECK (ok = (error IS NULL)),
	CONSTRAINT fk_delivery_attempts_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE role_holdings (
	id VARCHAR NOT NULL,
	person VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	project VARCHAR,
	from_date DATE NOT NULL,
	to_date DATE, acting BOOLEAN DEFAULT 0 NOT NULL, unit VARCHAR,
	CONSTRAINT pk_role_holdings PRIMARY KEY (id),
	CONSTRAINT ck_role_holdings_dates CHECK (to_date IS NULL OR to_date >= from_date),
	CONSTRAINT fk_role_holdings_person FOREIGN KEY(person) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_role_holdings_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_role_holdings_person ON role_holdings (person);

CREATE INDEX ix_role_holdings_role_project ON role_holdings (role, project);

CREATE TABLE assessments (
	review_id VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	role VARCHAR NOT NULL,
	result VARCHAR NOT NULL,
	findings JSON NOT NULL,
	missing JSON NOT NULL,
	figures JSON NOT NULL,
	asked_of VARCHAR,
	within VARCHAR,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	CONSTRAINT pk_assessments PRIMARY KEY (review_id, revision, role),
	CONSTRAINT ck_assessments_asked_of CHECK (result <> 'asked' OR asked_of IS NOT NULL),
	CONSTRAINT ck_assessments_result CHECK (result IN ('met', 'not_met', 'cannot_tell', 'asked')),
	CONSTRAINT fk_assessments_review_id FOREIGN KEY(review_id) REFERENCES gate_reviews (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE policy_texts (
	digest VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	policy_version VARCHAR NOT NULL,
	files JSON NOT NULL,
	CONSTRAINT pk_policy_texts PRIMARY KEY (digest)
);

CREATE TABLE policy_comments (
	policy_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	clause VARCHAR,
	text VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	answer VARCHAR,
	answered_at DATETIME,
	answered_by VARCHAR,
	CONSTRAINT pk_policy_comments PRIMARY KEY (policy_id, number),
	CONSTRAINT ck_policy_comments_answered_at CHECK ((answer IS NULL) = (answered_at IS NULL)),
	CONSTRAINT fk_policy_comments_policy_id FOREIGN KEY(policy_id) REFERENCES policy_versions (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE subjects (
	id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	project VARCHAR,
	title VARCHAR NOT NULL,
	requester VARCHAR NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_subjects PRIMARY KEY (id),
	CONSTRAINT fk_subjects_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_subjects_project ON subjects (project);

CREATE TABLE "policy_versions" (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	policy_version VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	in_force_from DATE,
	applies_to_open BOOLEAN NOT NULL,
	status VARCHAR NOT NULL,
	drafted_at DATETIME NOT NULL,
	drafted_by VARCHAR NOT NULL,
	comment_until DATETIME,
	submitted_by VARCHAR,
	decided_at DATETIME,
	binds_from DATETIME,
	took_force_at DATETIME,
	reason VARCHAR NOT NULL,
	effect JSON NOT NULL,
	CONSTRAINT pk_policy_versions PRIMARY KEY (id),
	CONSTRAINT ck_policy_versions_status CHECK (status IN ('draft', 'comment', 'submitted', 'adopted', 'rejected', 'withdrawn', 'superseded')),
	CONSTRAINT ck_policy_versions_took_force_at CHECK (took_force_at IS NULL OR binds_from IS NOT NULL),
	CONSTRAINT ck_policy_versions_version CHECK (version >= 1),
	CONSTRAINT fk_policy_versions_digest FOREIGN KEY(digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_policy_versions_binds_from CHECK ((binds_from IS NULL AND status <> 'adopted') OR (binds_from IS NOT NULL AND status IN ('adopted', 'superseded'))),
	CONSTRAINT fk_policy_versions_id FOREIGN KEY(id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE UNIQUE INDEX uq_policy_versions_live ON policy_versions (name, policy_version) WHERE status IN ('draft', 'comment', 'submitted', 'adopted');

CREATE INDEX ix_policy_versions_digest ON policy_versions (digest);

CREATE TABLE counters (
	scope VARCHAR NOT NULL,
	value INTEGER NOT NULL,
	CONSTRAINT pk_counters PRIMARY KEY (scope)
);

CREATE TABLE requests (
	id VARCHAR NOT NULL,
	act VARCHAR NOT NULL,
	actor VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	answer JSON, asked VARCHAR,
	CONSTRAINT pk_requests PRIMARY KEY (id)
);

CREATE TABLE "journal" (
	chain VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	actor VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	body JSON NOT NULL,
	previous_hash VARCHAR NOT NULL,
	hash VARCHAR NOT NULL,
	through VARCHAR,
	form INTEGER NOT NULL, subject_id VARCHAR,
	CONSTRAINT pk_journal PRIMARY KEY (chain, seq),
	CONSTRAINT ck_journal_seq CHECK (seq >= 1)
);

CREATE TABLE listing_parts (
	digest VARCHAR NOT NULL,
	items JSON NOT NULL,
	CONSTRAINT pk_listing_parts PRIMARY KEY (digest)
);

CREATE TABLE imports (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	register_name VARCHAR NOT NULL,
	file VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	finished_at DATETIME,
	report JSON NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (id)
);

CREATE INDEX ix_imports_finished_at ON imports (finished_at);

CREATE TABLE import_rows (
	import_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	line INTEGER NOT NULL,
	project VARCHAR NOT NULL,
	project_name VARCHAR,
	"key" VARCHAR,
	fields_ JSON NOT NULL,
	first JSON NOT NULL,
	done BOOLEAN NOT NULL,
	CONSTRAINT pk_import_rows PRIMARY KEY (import_id, number),
	CONSTRAINT fk_import_rows_import_id FOREIGN KEY(import_id) REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TRIGGER journal_no_UPDATE BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END;

CREATE TRIGGER journal_no_DELETE BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END;

CREATE INDEX ix_journal_at_seq ON journal (at, seq);

CREATE INDEX ix_journal_actor_at_seq ON journal (actor, at, seq);

CREATE INDEX ix_journal_kind_at_seq ON journal (kind, at, seq);

CREATE INDEX ix_journal_chain_actor_seq ON journal (chain, actor, seq);

CREATE INDEX ix_journal_chain_kind_seq ON journal (chain, kind, seq);

CREATE INDEX ix_journal_subject_id_seq ON journal (subject_id, seq) WHERE subject_id IS NOT NULL;

CREATE TABLE "obligation_addressees" (
	id VARCHAR NOT NULL,
	obligation_id VARCHAR NOT NULL,
	role VARCHAR,
	person VARCHAR,
	project VARCHAR,
	since DATETIME NOT NULL,
	by_rung INTEGER,
	until DATETIME,
	informed BOOLEAN NOT NULL,
	CONSTRAINT pk_obligation_addressees PRIMARY KEY (id),
	CONSTRAINT ck_obligation_addressees_one CHECK ((role IS NULL) <> (person IS NULL)),
	CONSTRAINT fk_obligation_addressees_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_obligation_addressees_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_obligation_addressees_person FOREIGN KEY(person) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE UNIQUE INDEX uq_obligation_addressees_person ON obligation_addressees (obligation_id, person) WHERE person IS NOT NULL;

CREATE INDEX ix_obligation_addressees_person ON obligation_addressees (person) WHERE until IS NULL;

CREATE UNIQUE INDEX uq_obligation_addressees_role ON obligation_addressees (obligation_id, role) WHERE role IS NOT NULL;

CREATE INDEX ix_obligation_addressees_role ON obligation_addressees (role, project) WHERE until IS NULL;

CREATE TABLE declared_interests (
	id VARCHAR NOT NULL,
	person VARCHAR NOT NULL,
	project VARCHAR,
	subject_id VARCHAR,
	party VARCHAR,
	called VARCHAR NOT NULL,
	why VARCHAR NOT NULL,
	from_date DATE NOT NULL,
	to_date DATE,
	declared_by VARCHAR NOT NULL,
	declared_at DATETIME NOT NULL,
	CONSTRAINT pk_declared_interests PRIMARY KEY (id),
	CONSTRAINT ck_declared_interests_dates CHECK (to_date IS NULL OR to_date >= from_date),
	CONSTRAINT ck_declared_interests_one CHECK ((CASE WHEN project IS NULL THEN 0 ELSE 1 END) + (CASE WHEN subject_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN party IS NULL THEN 0 ELSE 1 END) = 1),
	CONSTRAINT fk_declared_interests_person FOREIGN KEY(person) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_declared_interests_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_declared_interests_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_declared_interests_person ON declared_interests (person);

CREATE INDEX ix_declared_interests_project ON declared_interests (project);

CREATE INDEX ix_declared_interests_subject_id ON declared_interests (subject_id);

CREATE INDEX ix_declared_interests_party ON declared_interests (party);

CREATE TABLE "votes" (
	id VARCHAR NOT NULL,
	obligation_id VARCHAR NOT NULL,
	person VARCHAR NOT NULL,
	choice VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	superseded_at DATETIME,
	subject_version INTEGER NOT NULL,
	role VARCHAR NOT NULL,
	capacity VARCHAR NOT NULL,
	on_behalf_of VARCHAR,
	outcome VARCHAR,
	CONSTRAINT pk_votes PRIMARY KEY (id),
	CONSTRAINT fk_votes_person FOREIGN KEY(person) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_votes_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_votes_on_behalf_of FOREIGN KEY(on_behalf_of) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_votes_outcome CHECK (outcome IN ('go', 'conditional_go', 'hold', 'recycle', 'stop')),
	CONSTRAINT ck_votes_choice CHECK (choice IN ('approve', 'reject', 'abstain', 'recuse'))
);

CREATE INDEX ix_votes_obligation_id ON votes (obligation_id);

CREATE UNIQUE INDEX uq_votes_current ON votes (obligation_id, person) WHERE superseded_at IS NULL;

CREATE TABLE "rungs" (
	obligation_id VARCHAR NOT NULL,
	rung INTEGER NOT NULL,
	due_at DATETIME NOT NULL,
	action VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	fired_at DATETIME,
	CONSTRAINT pk_rungs PRIMARY KEY (obligation_id, rung),
	CONSTRAINT fk_rungs_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_rungs_state CHECK (state IN ('waiting', 'fired', 'cancelled')),
	CONSTRAINT ck_rungs_fired_at CHECK ((state = 'fired') = (fired_at IS NOT NULL)),
	CONSTRAINT ck_rungs_action CHECK (action IN ('remind', 'escalate', 'close'))
);

CREATE INDEX ix_rungs_state_due_at ON rungs (state, due_at);

CREATE TABLE delegations (
	id VARCHAR NOT NULL,
	owner VARCHAR NOT NULL,
	delegate VARCHAR NOT NULL,
	acts JSON NOT NULL,
	projects JSON NOT NULL,
	up_to VARCHAR,
	from_date DATE NOT NULL,
	to_date DATE,
	reason VARCHAR NOT NULL,
	made_by VARCHAR NOT NULL,
	made_at DATETIME NOT NULL,
	ended_on DATE,
	ended_by VARCHAR,
	CONSTRAINT pk_delegations PRIMARY KEY (id),
	CONSTRAINT ck_delegations_dates CHECK (to_date IS NULL OR to_date >= from_date),
	CONSTRAINT ck_delegations_two CHECK (owner <> delegate),
	CONSTRAINT fk_delegations_owner FOREIGN KEY(owner) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_delegations_delegate FOREIGN KEY(delegate) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_delegations_owner ON delegations (owner);

CREATE INDEX ix_delegations_delegate ON delegations (delegate);

CREATE TABLE absences (
	id VARCHAR NOT NULL,
	person VARCHAR NOT NULL,
	deputy VARCHAR,
	upward BOOLEAN NOT NULL,
	from_date DATE NOT NULL,
	to_date DATE,
	reason VARCHAR NOT NULL,
	made_by VARCHAR NOT NULL,
	made_at DATETIME NOT NULL,
	ended_on DATE,
	ended_by VARCHAR,
	CONSTRAINT pk_absences PRIMARY KEY (id),
	CONSTRAINT ck_absences_dates CHECK (to_date IS NULL OR to_date >= from_date),
	CONSTRAINT ck_absences_two CHECK (deputy IS NULL OR deputy <> person),
	CONSTRAINT ck_absences_one_way CHECK (deputy IS NULL OR NOT upward),
	CONSTRAINT fk_absences_person FOREIGN KEY(person) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_absences_deputy FOREIGN KEY(deputy) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_absences_person ON absences (person);

CREATE TABLE same_persons (
	account VARCHAR NOT NULL,
	other VARCHAR NOT NULL,
	made_by VARCHAR NOT NULL,
	made_at DATETIME NOT NULL, ended_on DATE, ended_by VARCHAR,
	CONSTRAINT pk_same_persons PRIMARY KEY (account, other),
	CONSTRAINT ck_same_persons_two CHECK (account <> other),
	CONSTRAINT fk_same_persons_account FOREIGN KEY(account) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_same_persons_other FOREIGN KEY(other) REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE watches (
	subject_id VARCHAR NOT NULL,
	event VARCHAR NOT NULL,
	rhythm VARCHAR NOT NULL,
	project VARCHAR,
	due_at DATETIME,
	looked_at DATETIME NOT NULL,
	answer JSON NOT NULL,
	CONSTRAINT pk_watches PRIMARY KEY (subject_id, event),
	CONSTRAINT ck_watches_rhythm CHECK (rhythm IN ('day', 'week', 'month', 'stage')),
	CONSTRAINT fk_watches_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_watches_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_watches_rhythm_due_at ON watches (rhythm, due_at);

CREATE INDEX ix_watches_project ON watches (project);

CREATE TRIGGER people_insert AFTER INSERT ON people BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER people_update AFTER UPDATE ON people BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER people_delete AFTER DELETE ON people BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER role_holdings_insert AFTER INSERT ON role_holdings BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER role_holdings_update AFTER UPDATE ON role_holdings BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER role_holdings_delete AFTER DELETE ON role_holdings BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER delegations_insert AFTER INSERT ON delegations BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER delegations_update AFTER UPDATE ON delegations BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER delegations_delete AFTER DELETE ON delegations BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER absences_insert AFTER INSERT ON absences BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER absences_update AFTER UPDATE ON absences BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER absences_delete AFTER DELETE ON absences BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER same_persons_insert AFTER INSERT ON same_persons BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER same_persons_update AFTER UPDATE ON same_persons BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER same_persons_delete AFTER DELETE ON same_persons BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER declared_interests_insert AFTER INSERT ON declared_interests BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER declared_interests_update AFTER UPDATE ON declared_interests BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER declared_interests_delete AFTER DELETE ON declared_interests BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TABLE "entries" (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	project VARCHAR NOT NULL,
	register_name VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	owner VARCHAR,
	due DATE,
	document JSON NOT NULL,
	policy_digest VARCHAR,
	submitted_by VARCHAR,
	submitted_at DATETIME,
	decided_at DATETIME,
	matter_version INTEGER NOT NULL,
	key_length INTEGER NOT NULL,
	follows VARCHAR,
	entered INTEGER NOT NULL,
	standing VARCHAR NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_entries PRIMARY KEY (id),
	CONSTRAINT ck_entries_matter_version CHECK (matter_version BETWEEN 1 AND version),
	CONSTRAINT ck_entries_standing CHECK (standing IN ('waiting', 'blocked', 'approved', 'rejected', 'withdrawn', 'rescinded', 'ended')),
	CONSTRAINT fk_entries_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_entries_version CHECK (version >= 1),
	CONSTRAINT fk_entries_follows FOREIGN KEY(follows) REFERENCES entries (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT uq_entries_project_register_name_key UNIQUE (project, register_name, "key"),
	CONSTRAINT fk_entries_id FOREIGN KEY(id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_entries_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_entries_due ON entries (due);

CREATE INDEX ix_entries_listed_by_status ON entries (project, register_name, status, key_length, "key");

CREATE INDEX ix_entries_owner ON entries (owner);

CREATE INDEX ix_entries_listed ON entries (project, register_name, key_length, "key");

CREATE INDEX ix_entries_entered ON entries (entered);

CREATE TABLE "entry_versions" (
	entry_id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	status VARCHAR NOT NULL,
	document JSON NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	owner VARCHAR,
	due DATE,
	policy_digest VARCHAR,
	decided_at DATETIME,
	standing VARCHAR NOT NULL,
	closed_at DATETIME, reason VARCHAR DEFAULT '' NOT NULL,
	CONSTRAINT pk_entry_versions PRIMARY KEY (entry_id, version),
	CONSTRAINT fk_entry_versions_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_entry_versions_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_entries_counted ON entries (register_name, standing, project, entered);

CREATE TABLE programmes (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	within VARCHAR,
	office VARCHAR,
	CONSTRAINT pk_programmes PRIMARY KEY (id),
	CONSTRAINT ck_programmes_kind CHECK (kind IN ('portfolio', 'programme')),
	CONSTRAINT ck_programmes_version CHECK (version >= 1),
	CONSTRAINT ck_programmes_not_within_itself CHECK (within <> id),
	CONSTRAINT fk_programmes_within FOREIGN KEY(within) REFERENCES programmes (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_programmes_within ON programmes (within);

CREATE TABLE "projects" (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	office VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	attributes JSON NOT NULL,
	programme VARCHAR,
	starts_on DATE,
	ends_on DATE,
	held_at DATETIME, is_office BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_projects PRIMARY KEY (id),
	CONSTRAINT ck_projects_version CHECK (version >= 1),
	CONSTRAINT ck_projects_not_the_office CHECK (id <> 'office'),
	CONSTRAINT fk_projects_programme FOREIGN KEY(programme) REFERENCES programmes (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_projects_dates CHECK (ends_on IS NULL OR ends_on >= starts_on)
);

CREATE INDEX ix_projects_office ON projects (office);

CREATE INDEX ix_projects_status ON projects (status);

CREATE INDEX ix_projects_programme ON projects (programme);

CREATE TRIGGER role_holdings_once_INSERT BEFORE INSERT ON role_holdings WHEN EXISTS (
    SELECT 1 FROM role_holdings held
    WHERE held.id <> NEW.id AND held.person = NEW.person AND held.role = NEW.role
    AND coalesce(held.project, '') = coalesce(NEW.project, '') AND coalesce(held.unit, '') = coalesce(NEW.unit, '')
    AND held.from_date <= coalesce(NEW.to_date, '9999-12-31')
    AND coalesce(held.to_date, '9999-12-31') >= NEW.from_date
) BEGIN SELECT RAISE(ABORT, 'a person holds a role once at a time: this span overlaps another one'); END;

CREATE TRIGGER role_holdings_once_UPDATE BEFORE UPDATE ON role_holdings WHEN EXISTS (
    SELECT 1 FROM role_holdings held
    WHERE held.id <> NEW.id AND held.person = NEW.person AND held.role = NEW.role
    AND coalesce(held.project, '') = coalesce(NEW.project, '') AND coalesce(held.unit, '') = coalesce(NEW.unit, '')
    AND held.from_date <= coalesce(NEW.to_date, '9999-12-31')
    AND coalesce(held.to_date, '9999-12-31') >= NEW.from_date
) BEGIN SELECT RAISE(ABORT, 'a person holds a role once at a time: this span overlaps another one'); END;

CREATE TRIGGER projects_insert_moves AFTER INSERT ON projects BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER projects_update_moves AFTER UPDATE OF office, programme ON projects BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER projects_delete_moves AFTER DELETE ON projects BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER programmes_insert_moves AFTER INSERT ON programmes BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER programmes_update_moves AFTER UPDATE ON programmes BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TRIGGER programmes_delete_moves AFTER DELETE ON programmes BEGIN INSERT INTO counters (scope, value) VALUES ('people', 1) ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1; END;

CREATE TABLE "gate_reviews" (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	project VARCHAR NOT NULL,
	gate VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	status VARCHAR NOT NULL,
	opened_at DATETIME NOT NULL,
	opened_by VARCHAR NOT NULL,
	outcome VARCHAR,
	closed_at DATETIME,
	attempt INTEGER NOT NULL,
	policy_digest VARCHAR,
	reopens VARCHAR,
	details JSON NOT NULL,
	CONSTRAINT pk_gate_reviews PRIMARY KEY (id),
	CONSTRAINT fk_gate_reviews_reopens FOREIGN KEY(reopens) REFERENCES gate_reviews (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_gate_reviews_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_gate_reviews_outcome CHECK (outcome IN ('go', 'conditional_go', 'hold', 'recycle', 'stop')),
	CONSTRAINT fk_gate_reviews_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_gate_reviews_id FOREIGN KEY(id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_gate_reviews_version CHECK (version >= 1),
	CONSTRAINT ck_gate_reviews_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT ck_gate_reviews_decided CHECK ((status = 'closed') = (outcome IS NOT NULL)),
	CONSTRAINT ck_gate_reviews_status CHECK (status IN ('assessing', 'awaiting_assessments', 'awaiting_decision', 'closed'))
);

CREATE INDEX ix_gate_reviews_status ON gate_reviews (status);

CREATE UNIQUE INDEX uq_gate_reviews_open ON gate_reviews (project, gate) WHERE status <> 'closed';

CREATE INDEX ix_gate_reviews_project_gate ON gate_reviews (project, gate);

CREATE INDEX ix_gate_reviews_opened_at ON gate_reviews (opened_at);

CREATE TABLE judgements (
	review_id VARCHAR NOT NULL,
	criterion VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	answer VARCHAR NOT NULL,
	score VARCHAR,
	findings JSON NOT NULL,
	asked_of VARCHAR,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	CONSTRAINT pk_judgements PRIMARY KEY (review_id, revision, criterion),
	CONSTRAINT ck_judgements_answer CHECK (answer IN ('yes', 'no', 'cannot_tell', 'asked')),
	CONSTRAINT fk_judgements_review_id FOREIGN KEY(review_id) REFERENCES gate_reviews (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE reports (
	id VARCHAR NOT NULL,
	report VARCHAR NOT NULL,
	place VARCHAR NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE NOT NULL,
	edition INTEGER NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	pages JSON NOT NULL,
	CONSTRAINT pk_reports PRIMARY KEY (id),
	CONSTRAINT ck_reports_edition CHECK (edition >= 1),
	CONSTRAINT ck_reports_dates CHECK (ends_on >= starts_on),
	CONSTRAINT uq_reports_report_place_starts_on_ends_on_edition UNIQUE (report, place, starts_on, ends_on, edition)
);

CREATE INDEX ix_reports_at ON reports (at);

CREATE TABLE "outbox" (
	id VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	recipient VARCHAR,
	subject VARCHAR NOT NULL,
	body VARCHAR NOT NULL,
	payload JSON NOT NULL,
	created_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	state VARCHAR NOT NULL,
	attempts INTEGER NOT NULL,
	claimed_until DATETIME,
	last_error VARCHAR,
	place INTEGER NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT ck_outbox_state CHECK (state IN ('waiting', 'claimed', 'sent', 'failed')),
	CONSTRAINT ck_outbox_claimed_until CHECK ((state = 'claimed') = (claimed_until IS NOT NULL)),
	CONSTRAINT uq_outbox_key UNIQUE ("key"),
	CONSTRAINT ck_outbox_kind CHECK (kind IN ('notice', 'flow'))
);

CREATE INDEX ix_outbox_unsent ON outbox (created_at, id) WHERE last_error IS NOT NULL;

CREATE INDEX ix_outbox_state_due_at ON outbox (state, due_at);

CREATE TABLE colour_overrides (
	id VARCHAR NOT NULL,
	project VARCHAR,
	programme VARCHAR,
	colour VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	until DATE NOT NULL,
	author VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_colour_overrides PRIMARY KEY (id),
	CONSTRAINT ck_colour_overrides_colour CHECK (colour IN ('green', 'amber', 'red')),
	CONSTRAINT ck_colour_overrides_one CHECK ((project IS NULL) <> (programme IS NULL)),
	CONSTRAINT ck_colour_overrides_reason_given CHECK (reason <> ''),
	CONSTRAINT fk_colour_overrides_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_colour_overrides_programme FOREIGN KEY(programme) REFERENCES programmes (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE UNIQUE INDEX uq_colour_overrides_project ON colour_overrides (project) WHERE ended_at IS NULL;

CREATE UNIQUE INDEX uq_colour_overrides_programme ON colour_overrides (programme) WHERE ended_at IS NULL;

CREATE TABLE cycles (
	id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	day DATE NOT NULL,
	closed_at DATETIME NOT NULL,
	closed_by VARCHAR NOT NULL,
	policy_digest VARCHAR,
	digest VARCHAR NOT NULL,
	board JSON NOT NULL,
	CONSTRAINT pk_cycles PRIMARY KEY (id),
	CONSTRAINT ck_cycles_number CHECK (number >= 1),
	CONSTRAINT fk_cycles_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT uq_cycles_number UNIQUE (number)
);

CREATE TABLE "gate_evidence" (
	id VARCHAR NOT NULL,
	review_id VARCHAR NOT NULL,
	evidence VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	reference VARCHAR NOT NULL,
	note VARCHAR NOT NULL,
	entry_version INTEGER,
	digest VARCHAR,
	dated DATE NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	CONSTRAINT pk_gate_evidence PRIMARY KEY (id),
	CONSTRAINT fk_gate_evidence_review_id FOREIGN KEY(review_id) REFERENCES gate_reviews (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_gate_evidence_bound CHECK (kind <> 'entry' OR entry_version IS NOT NULL),
	CONSTRAINT ck_gate_evidence_digested CHECK (kind <> 'file' OR digest IS NOT NULL),
	CONSTRAINT ck_gate_evidence_kind CHECK (kind IN ('entry', 'file', 'document')),
	CONSTRAINT uq_gate_evidence_review_id_number UNIQUE (review_id, number)
);

CREATE TABLE "decisions" (
	id VARCHAR NOT NULL,
	project VARCHAR,
	subject_id VARCHAR NOT NULL,
	subject_version INTEGER NOT NULL,
	event VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	policy_name VARCHAR NOT NULL,
	policy_version VARCHAR NOT NULL,
	policy_digest VARCHAR NOT NULL,
	facts JSON NOT NULL,
	result JSON NOT NULL,
	listings JSON NOT NULL,
	number INTEGER NOT NULL,
	CONSTRAINT pk_decisions PRIMARY KEY (id),
	CONSTRAINT fk_decisions_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_decisions_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT uq_decisions_subject_id_number UNIQUE (subject_id, number)
);

CREATE INDEX ix_decisions_at ON decisions (at);

CREATE INDEX ix_decisions_project_at ON decisions (project, at);

CREATE TABLE "obligations" (
	id VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	project VARCHAR,
	subject_id VARCHAR NOT NULL,
	decision_id VARCHAR NOT NULL,
	rule VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	also_rules JSON NOT NULL,
	binding VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	opened_at DATETIME NOT NULL,
	due_at DATETIME,
	closed_at DATETIME,
	ladder VARCHAR,
	clause VARCHAR NOT NULL,
	reasons JSON NOT NULL,
	details JSON NOT NULL,
	subject_version INTEGER NOT NULL,
	act VARCHAR NOT NULL,
	stuck_since DATETIME,
	CONSTRAINT pk_obligations PRIMARY KEY (id),
	CONSTRAINT fk_obligations_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_obligations_closed_at CHECK ((status = 'open') = (closed_at IS NULL)),
	CONSTRAINT ck_obligations_version CHECK (version >= 1),
	CONSTRAINT ck_obligations_binding CHECK (binding IN ('shall', 'should', 'may', 'trial')),
	CONSTRAINT fk_obligations_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_obligations_status CHECK (status IN ('open', 'met', 'waived', 'lapsed', 'withdrawn')),
	CONSTRAINT fk_obligations_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_obligations_kind CHECK (kind IN ('approval', 'assessment', 'information', 'evidence', 'exception', 'notice', 'block', 'condition', 'recommendation', 'return'))
);

CREATE INDEX ix_obligations_subject_id ON obligations (subject_id);

CREATE UNIQUE INDEX uq_obligations_open ON obligations (subject_id, rule, kind, target, act) WHERE status = 'open';

CREATE INDEX ix_obligations_decision_id ON obligations (decision_id);

CREATE INDEX ix_obligations_status_target ON obligations (status, target);

CREATE UNIQUE INDEX uq_obligations_open_approval ON obligations (subject_id, target, act) WHERE status = 'open' AND kind = 'approval';

CREATE INDEX ix_obligations_stuck ON obligations (stuck_since) WHERE stuck_since IS NOT NULL;

CREATE INDEX ix_obligations_project_status_due_at ON obligations (project, status, due_at);

CREATE TABLE rounds (
	id VARCHAR NOT NULL,
	round VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	period VARCHAR NOT NULL,
	closer VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE NOT NULL,
	opened_at DATETIME NOT NULL,
	asked_at DATETIME,
	closed_at DATETIME,
	closed_by VARCHAR,
	reason VARCHAR NOT NULL,
	missed JSON NOT NULL,
	policy_digest VARCHAR,
	CONSTRAINT pk_rounds PRIMARY KEY (id),
	CONSTRAINT ck_rounds_version CHECK (version >= 1),
	CONSTRAINT ck_rounds_closed CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
	CONSTRAINT ck_rounds_dates CHECK (ends_on >= starts_on),
	CONSTRAINT fk_rounds_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT uq_rounds_round_period UNIQUE (round, period)
);

CREATE INDEX ix_rounds_open ON rounds (round) WHERE closed_at IS NULL;

CREATE TABLE round_returns (
	id VARCHAR NOT NULL,
	round_id VARCHAR NOT NULL,
	project VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	policy_digest VARCHAR,
	CONSTRAINT pk_round_returns PRIMARY KEY (id),
	CONSTRAINT ck_round_returns_version CHECK (version >= 1),
	CONSTRAINT fk_round_returns_id FOREIGN KEY(id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_round_returns_round_id FOREIGN KEY(round_id) REFERENCES rounds (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_round_returns_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_round_returns_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_texts (digest) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT uq_round_returns_round_id_project UNIQUE (round_id, project)
);

CREATE INDEX ix_round_returns_project ON round_returns (project);

CREATE TABLE waits (
	subject_id VARCHAR NOT NULL,
	root VARCHAR NOT NULL,
	project VARCHAR NOT NULL,
	due BOOLEAN NOT NULL,
	CONSTRAINT pk_waits PRIMARY KEY (subject_id, root),
	CONSTRAINT fk_waits_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_waits_project FOREIGN KEY(project) REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_waits_project ON waits (project);

CREATE INDEX ix_waits_due ON waits (subject_id) WHERE due;

CREATE INDEX ix_obligations_status_due_at ON obligations (status, due_at);

INSERT INTO alembic_version VALUES ('0031');
