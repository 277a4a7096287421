/*
 * foreign_code.c
 *		What must not run with a superuser's rights: code of those who are none.
 *
 * A superuser who watches a table of his own should not have to ask whose functions a view,
 * a cast or an index of it calls.  So a query that reads as a superuser may use only what
 * belongs to superusers: its functions, also those behind operators and casts, its
 * relations (who owns a table can have it call functions: a view's, an index's), and its
 * domains, whose constraints do.
 */
#include "postgres.h"

#include "access.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/regproc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* What was found first, and whose it is. */
typedef struct Foreign
{
	char *what;
	Oid owner;
} Foreign;

static bool
is_foreign_function(Oid function, void *arg)
{
	Foreign *found = (Foreign *) arg;
	HeapTuple tuple;
	Oid owner;

	/* the server's own */
	if (function < FirstUnpinnedObjectId)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	if (superuser_arg(owner))
		return false;
	found->what = format_procedure(function);
	found->owner = owner;
	return true;
}

static bool
is_foreign_domain(Oid type, Foreign *found)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	owner = ((Form_pg_type) GETSTRUCT(tuple))->typowner;
	ReleaseSysCache(tuple);
	if (superuser_arg(owner))
		return false;
	found->what = format_type_be(type);
	found->owner = owner;
	return true;
}

static bool
is_foreign_relation(Oid relid, Foreign *found)
{
	ListCell *lc;

	/* partitions and children may be somebody else's */
	foreach (lc, find_all_inheritors(relid, AccessShareLock, NULL))
	{
		HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(lc)));
		Oid owner;

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for relation %u", lfirst_oid(lc));
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
		if (superuser_arg(owner))
			continue;
		found->what =
			psprintf("%s",
					 quote_qualified_identifier(get_namespace_name(get_rel_namespace(lfirst_oid(lc))),
												get_rel_name(lfirst_oid(lc))));
		found->owner = owner;
		return true;
	}
	return false;
}

/* Finds foreign code in a query whose views are expanded; those stay in its range table. */
static bool
find_foreign(Node *node, void *arg)
{
	Foreign *found = (Foreign *) arg;

	if (node == NULL)
		return false;
	if (check_functions_in_node(node, is_foreign_function, found))
		return true;
	if (IsA(node, CoerceToDomain) &&
		is_foreign_domain(((CoerceToDomain *) node)->resulttype, found))
		return true;
	if (IsA(node, RangeTblEntry))
		return OidIsValid(((RangeTblEntry *) node)->relid) &&
			is_foreign_relation(((RangeTblEntry *) node)->relid, found);
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, find_foreign, found, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, find_foreign, found);
}

void
monitor_refuse_foreign_code(Query *query, Oid reader)
{
	Foreign found = {0};

	if (!find_foreign((Node *) query, &found))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("%s belongs to \"%s\" and is not used with the rights of superuser \"%s\"",
					found.what, GetUserNameFromId(found.owner, false),
					GetUserNameFromId(reader, false)),
			 errhint("Name a role without superuser rights that may read the source: owner => 'role'.")));
}
