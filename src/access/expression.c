/*
 * expression.c
 *		Expressions that users register: parsed once, with their own search_path, and
 *		stored with every name qualified.
 */
#include "postgres.h"

#include <ctype.h>

#include "access.h"

#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/analyze.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/varlena.h"

PG_FUNCTION_INFO_V1(monitor_parse_expression);

#define MOST_NAMES 3

/* What is asked for, and what was found. */
typedef struct Wanted
{
	const char *setting;
	const char *text;
	const char *alias;
	Oid relid;
	bool aggregates;
	TupleDesc tupdesc;
	Relation relation;
	Datum result;
} Wanted;

/* One part of a name, as the server would fold it; *p goes behind it. */
static char *
name_part(const char **p)
{
	StringInfoData name;
	const char *begin = *p;

	if (**p != '"')
	{
		while (IS_HIGHBIT_SET(**p) || isalnum((unsigned char) **p) || **p == '_' || **p == '$')
			(*p)++;
		return downcase_truncate_identifier(begin, *p - begin, false);
	}
	initStringInfo(&name);
	for ((*p)++; **p != '\0'; (*p)++)
	{
		/* a quote within quotes is doubled */
		if (**p == '"' && *++(*p) != '"')
			break;
		appendStringInfoChar(&name, **p);
	}
	return name.data;
}

/* The column in alias.column at a place of the text, which is counted in characters from 1. */
static char *
column_at(const char *text, int place)
{
	char *name;

	while (--place > 0 && *text != '\0')
		text += pg_mblen(text);
	name = name_part(&text);
	while (*text == '.')
	{
		text++;
		name = name_part(&text);
	}
	return name;
}

/* The columns whose names are nearest to what was written, for a hint. */
static char *
nearest_columns(const Wanted *wanted, const char *written)
{
	TupleDesc tupdesc = RelationGetDescr(wanted->relation);
	StringInfoData names;
	int limit = 2 + strlen(written) / 4;
	int found = 0;

	initStringInfo(&names);
	for (int distance = 0; distance <= limit && found < MOST_NAMES; distance++)
		for (int i = 0; i < tupdesc->natts && found < MOST_NAMES; i++)
		{
			Form_pg_attribute column = TupleDescAttr(tupdesc, i);
			const char *name = NameStr(column->attname);

			if (column->attisdropped || strlen(written) >= NAMEDATALEN ||
				varstr_levenshtein_less_equal(written, strlen(written), name, strlen(name), 1, 1, 1,
											  limit, true) != distance)
				continue;
			appendStringInfo(&names, "%s\"%s\"", found++ ? ", " : "", name);
		}
	return found ? names.data : NULL;
}

/* Labels, and their keys, may have another table or name: another setting tells. */
static const char *
what_else_helps(const char *setting)
{
	if (strcmp(setting, "label") == 0)
		return "; label_source names another table";
	return strcmp(setting, "source_key") == 0 ? "; source_key names it where it is not label_key"
											  : "";
}

/* Every failure to parse names the setting; an unknown column also what may be meant. */
static void
explain_failure(void *arg)
{
	Wanted *wanted = (Wanted *) arg;
	int place = geterrposition();

	errcontext("setting %s: %s", wanted->setting, wanted->text);
	if (geterrcode() == ERRCODE_UNDEFINED_COLUMN)
	{
		char *names =
			nearest_columns(wanted, place > 0 ? column_at(wanted->text, place) : wanted->text);

		if (names)
			errhint("Columns with a similar name: %s.", names);
		else
			errhint("Name a column of %s, or an SQL expression over its columns%s.",
					RelationGetRelationName(wanted->relation), what_else_helps(wanted->setting));
	}
	if (place > 0)
	{
		/* the place is one of the expression, not of the statement that the user sent */
		errposition(0);
		internalerrposition(place);
		internalerrquery(wanted->text);
	}
}

static Node *
column_reference(const char *name)
{
	ColumnRef *reference = makeNode(ColumnRef);

	reference->fields = list_make1(makeString(pstrdup(name)));
	reference->location = -1;
	return (Node *) reference;
}

/*
 * The one expression of the text.  What is a column's name, letter by letter, is that column,
 * though SQL would want it quoted or take it for something else: Income, order, user.
 */
static Node *
raw_expression(const Wanted *wanted)
{
	List *statements;
	SelectStmt *select;

	if (get_attnum(wanted->relid, wanted->text) > 0)
		return column_reference(wanted->text);
	statements = raw_parser(wanted->text, RAW_PARSE_PLPGSQL_EXPR);
	if (list_length(statements) != 1)
		goto not_one;
	select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE ||
		list_length(select->targetList) != 1 || select->fromClause || select->whereClause ||
		select->groupClause || select->havingClause || select->distinctClause ||
		select->sortClause || select->limitCount || select->limitOffset || select->withClause ||
		select->intoClause || select->lockingClause || select->valuesLists ||
		select->windowClause || linitial_node(ResTarget, select->targetList)->name)
		goto not_one;
	return linitial_node(ResTarget, select->targetList)->val;

not_one:
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("%s must be one column or SQL expression, got: %s", wanted->setting,
					wanted->text)));
}

static void
refuse_volatile(const Wanted *wanted, Node *expression)
{
	if (contain_volatile_functions(expression))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("%s must not be volatile: %s", wanted->setting, wanted->text),
				 errdetail("A recount of the same rows would give another result."),
				 errhint("Use columns and functions that are declared STABLE or IMMUTABLE.")));
}

static bool
collect_columns(Node *node, List **columns)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		*columns = list_append_unique_int(*columns, ((Var *) node)->varattno);
		return false;
	}
	return expression_tree_walker(node, collect_columns, (void *) columns);
}

/* Analysed over the relation, which has an alias. */
static Node *
analyse(const Wanted *wanted, Node *raw)
{
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	Node *expression;

	pstate->p_sourcetext = wanted->text;
	item = addRangeTableEntryForRelation(pstate, wanted->relation, AccessShareLock,
										 makeAlias(wanted->alias, NIL), false, true);
	addNSItemToQuery(pstate, item, true, true, true);
	expression = transformExpr(pstate, raw, EXPR_KIND_OTHER);
	if (exprType(expression) == UNKNOWNOID)
		expression = coerce_to_target_type(pstate, expression, UNKNOWNOID, TEXTOID, -1,
										   COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
	assign_expr_collations(pstate, expression);
	if (pstate->p_hasWindowFuncs || pstate->p_hasSubLinks || pstate->p_hasTargetSRFs ||
		expression_returns_set(expression))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s must not hold sub-selects, window functions or functions that return sets: %s",
						wanted->setting, wanted->text)));
	if (pstate->p_hasAggs && !wanted->aggregates)
		ereport(ERROR,
				(errcode(ERRCODE_GROUPING_ERROR),
				 errmsg("%s must not hold aggregates: %s", wanted->setting, wanted->text),
				 errhint("It is an expression over one row.")));
	refuse_volatile(wanted, expression);
	return expression;
}

static Datum
names_of(const Wanted *wanted, List *columns)
{
	Datum *names = palloc(sizeof(Datum) * Max(list_length(columns), 1));
	int n = 0;
	ListCell *lc;

	foreach (lc, columns)
		if (lfirst_int(lc) > 0)
			names[n++] = CStringGetDatum(NameStr(TupleDescAttr(RelationGetDescr(wanted->relation),
															   lfirst_int(lc) - 1)
													 ->attname));
	for (int i = 0; i < n; i++)
		names[i] = DirectFunctionCall1(namein, names[i]);
	return PointerGetDatum(construct_array(names, n, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR));
}

/* The expression's text, with a path that makes it name every schema. */
static char *
deparse(const Wanted *wanted, Node *expression)
{
	int level = NewGUCNestLevel();
	char *deparsed;

	(void) set_config_option("search_path", "pg_catalog", PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	deparsed = deparse_expression(expression, deparse_context_for(wanted->alias, wanted->relid),
								  true, false);
	AtEOXact_GUC(true, level);
	return deparsed;
}

static void
parse(void *arg)
{
	Wanted *wanted = (Wanted *) arg;
	ErrorContextCallback callback = {error_context_stack, explain_failure, wanted};
	Node *expression;
	List *columns = NIL;
	Var *var;
	Datum values[4];
	bool nulls[4] = {false};

	wanted->relation = relation_open(wanted->relid, AccessShareLock);
	error_context_stack = &callback;
	expression = analyse(wanted, raw_expression(wanted));
	error_context_stack = callback.previous;
	collect_columns(expression, &columns);
	var = IsA(expression, Var) && ((Var *) expression)->varattno > 0 ? (Var *) expression : NULL;
	values[0] = CStringGetTextDatum(deparse(wanted, expression));
	values[1] = ObjectIdGetDatum(exprType(expression));
	values[2] = (Datum) 0;
	nulls[2] = var == NULL;
	if (var)
		values[2] =
			NameGetDatum(&TupleDescAttr(RelationGetDescr(wanted->relation), var->varattno - 1)
							  ->attname);
	values[3] = names_of(wanted, columns);
	wanted->result = HeapTupleGetDatum(heap_form_tuple(wanted->tupdesc, values, nulls));
	relation_close(wanted->relation, NoLock);
}

/*
 * _parse_expression(caller oid, relation regclass, expression text, setting text,
 * allow_aggregates boolean, alias text) -> _expression (expression, type, column_name,
 * columns).  Parsed as the caller, with the search_path that the API was called with;
 * columns come out as alias.column.  NULL for NULL.
 */
Datum
monitor_parse_expression(PG_FUNCTION_ARGS)
{
	Wanted wanted = {0};

	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	wanted.text = text_to_cstring(PG_GETARG_TEXT_PP(2));
	wanted.setting = text_to_cstring(PG_GETARG_TEXT_PP(3));
	wanted.alias = text_to_cstring(PG_GETARG_TEXT_PP(5));
	wanted.relid = PG_GETARG_OID(1);
	wanted.aggregates = PG_GETARG_BOOL(4);
	if (get_call_result_type(fcinfo, NULL, &wanted.tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	wanted.tupdesc = BlessTupleDesc(wanted.tupdesc);
	monitor_run_restricted(PG_GETARG_OID(0), monitor_caller_path(), parse, &wanted);
	PG_RETURN_DATUM(wanted.result);
}
