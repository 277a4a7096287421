--
-- The audit trail of alerting: rules, routes, and what people and looks did to alerts.
--

CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.alert_rule FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.alert_rule FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.silence FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.silence FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.mute_timing FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.mute_timing FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.inhibition FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.inhibition FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.channel FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.channel FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.escalation_policy FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.escalation_policy FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON monitor.route FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.route FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');

-- The numbers of each look are measurements already; what is recorded is what was decided.
CREATE TRIGGER audit BEFORE INSERT OR DELETE ON monitor.alert_episode FOR EACH ROW EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_decision BEFORE UPDATE ON monitor.alert_episode FOR EACH ROW
	WHEN ((OLD.state, OLD.severity, OLD.closed_at, OLD.flapping, OLD.acked_by, OLD.acked_at, OLD.ack_comment, OLD.snoozed_until, OLD.rule_id, OLD.fingerprint, OLD.labels, OLD.opened_at)
		IS DISTINCT FROM (NEW.state, NEW.severity, NEW.closed_at, NEW.flapping, NEW.acked_by, NEW.acked_at, NEW.ack_comment, NEW.snoozed_until, NEW.rule_id, NEW.fingerprint, NEW.labels, NEW.opened_at))
	EXECUTE FUNCTION monitor._audit();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON monitor.alert_episode FOR EACH STATEMENT EXECUTE FUNCTION monitor._refuse_change('governed');

-- in force also for those who replay or restore with session_replication_role
ALTER TABLE monitor.alert_rule ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.silence ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.mute_timing ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.inhibition ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.channel ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.escalation_policy ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.route ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_truncate;
ALTER TABLE monitor.alert_episode ENABLE ALWAYS TRIGGER audit, ENABLE ALWAYS TRIGGER audit_decision, ENABLE ALWAYS TRIGGER audit_truncate;
