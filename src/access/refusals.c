/*
 * refusals.c
 *		What must not even be tried while users' code reads rows.
 *
 * Read only holds as long as nobody turns it off, and until PostgreSQL 16 a RESET does.  So
 * the functions that an expression calls can execute queries and nothing else, and change no
 * setting by a function either.
 */
#include "postgres.h"

#include "access.h"

#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "tcop/cmdtag.h"
#include "tcop/utility.h"
#include "utils/fmgroids.h"

int monitor_restricted_depth = 0;

static ProcessUtility_hook_type next_utility = NULL;
static object_access_hook_type next_access = NULL;

static void
refuse(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("cannot execute %s while a model's rows are read", what)));
}

static void
utility(PlannedStmt *statement, const char *text, bool keep_tree, ProcessUtilityContext context,
		ParamListInfo params, QueryEnvironment *environment, DestReceiver *receiver,
		QueryCompletion *completion)
{
	if (monitor_restricted_depth > 0)
		refuse(GetCommandTagName(CreateCommandTag((Node *) statement)));
	(next_utility ? next_utility : standard_ProcessUtility)(statement, text, keep_tree, context,
															params, environment, receiver,
															completion);
}

static void
access_object(ObjectAccessType access, Oid class, Oid object, int sub, void *arg)
{
	if (monitor_restricted_depth > 0 && access == OAT_FUNCTION_EXECUTE &&
		class == ProcedureRelationId && object == F_SET_CONFIG)
		refuse("set_config");
	if (next_access)
		next_access(access, class, object, sub, arg);
}

void
monitor_define_refusals(void)
{
	next_utility = ProcessUtility_hook;
	ProcessUtility_hook = utility;
	next_access = object_access_hook;
	object_access_hook = access_object;
}
