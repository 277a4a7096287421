/*
 * call_as_owner.c
 *		How a call of the API changes something.
 *
 * An API function f(args) is SECURITY INVOKER and its C symbol is the trampoline
 * here.  It calls _f(caller, args) with the rights of the extension's owner, who owns
 * the tables, and tells it who called.  SECURITY DEFINER would lose that: inside,
 * current_user is the owner, and session_user does not follow SET ROLE.
 */
#include "postgres.h"

#include "access.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "access/genam.h"
#include "access/table.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(monitor_call_as_owner);
PG_FUNCTION_INFO_V1(monitor_actor);

/* The call that runs now; calls nest when one function of the API calls another. */
typedef struct ApiCall
{
	Oid caller;
	const char *path;
	struct ApiCall *outer;
} ApiCall;

static ApiCall *current_call = NULL;

typedef struct Implementation
{
	FmgrInfo function;
	Oid owner;
	int nargs;
} Implementation;

Oid
monitor_caller(void)
{
	return current_call ? current_call->caller : GetUserId();
}

const char *
monitor_caller_path(void)
{
	return current_call ? current_call->path : namespace_search_path;
}

Oid
monitor_extension_owner(void)
{
	Relation relation = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Oid owner = InvalidOid;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("monitor"));
	scan = systable_beginscan(relation, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	if (!OidIsValid(owner))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"monitor\" is not installed")));
	return owner;
}

static Oid
function_owner(Oid function)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* _f(oid, args) for the API function f(args); found once for each call site. */
static Implementation *
find_implementation(FmgrInfo *api)
{
	Implementation *found = MemoryContextAllocZero(api->fn_mcxt, sizeof(Implementation));
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(api->fn_oid));
	Form_pg_proc form;
	Oid types[FUNC_MAX_ARGS];
	char name[NAMEDATALEN];
	Oid implementation;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", api->fn_oid);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->pronargs + 1 > FUNC_MAX_ARGS)
		elog(ERROR, "too many arguments");
	types[0] = OIDOID;
	memcpy(types + 1, form->proargtypes.values, form->pronargs * sizeof(Oid));
	snprintf(name, sizeof(name), "_%s", NameStr(form->proname));
	implementation = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
									 PointerGetDatum(buildoidvector(types, form->pronargs + 1)),
									 ObjectIdGetDatum(form->pronamespace));
	if (!OidIsValid(implementation))
		elog(ERROR, "function %s has no implementation", NameStr(form->proname));
	/* what runs with these rights must be of those who have them */
	if (function_owner(implementation) != form->proowner)
		elog(ERROR, "function %s has an implementation of another owner", NameStr(form->proname));
	fmgr_info_cxt(implementation, &found->function, api->fn_mcxt);
	found->owner = form->proowner;
	found->nargs = form->pronargs;
	ReleaseSysCache(tuple);
	return found;
}

/*
 * f(args): calls _f(caller, args) as the owner of f.  Who may call what is checked by
 * _f; the user comes back on every way out (an abort of the transaction or
 * subtransaction restores it too).  A set is what _f, in PL/pgSQL, puts into the
 * caller's tuplestore.
 */
Datum
monitor_call_as_owner(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(inner, FUNC_MAX_ARGS);
	Implementation *volatile implementation;
	ApiCall call;
	int security;
	Datum result;

	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = find_implementation(fcinfo->flinfo);
	implementation = (Implementation *) fcinfo->flinfo->fn_extra;
	GetUserIdAndSecContext(&call.caller, &security);
	call.path = pstrdup(namespace_search_path);
	call.outer = current_call;
	InitFunctionCallInfoData(*inner, &implementation->function, implementation->nargs + 1,
							 fcinfo->fncollation, NULL, fcinfo->resultinfo);
	inner->args[0].value = ObjectIdGetDatum(call.caller);
	inner->args[0].isnull = false;
	memcpy(&inner->args[1], &fcinfo->args[0], implementation->nargs * sizeof(NullableDatum));

	current_call = &call;
	PG_TRY();
	{
		SetUserIdAndSecContext(implementation->owner, security | SECURITY_LOCAL_USERID_CHANGE);
		result = FunctionCallInvoke(inner);
		SetUserIdAndSecContext(call.caller, security);
	}
	PG_FINALLY();
	{
		current_call = call.outer;
	}
	PG_END_TRY();
	fcinfo->isnull = inner->isnull;
	return result;
}

/* _actor() -> name: who called the API function that runs now, for the audit trail. */
Datum
monitor_actor(PG_FUNCTION_ARGS)
{
	Name name = palloc0(NAMEDATALEN);
	char *role = GetUserNameFromId(monitor_caller(), true);

	namestrcpy(name, role ? role : "");
	PG_RETURN_NAME(name);
}
