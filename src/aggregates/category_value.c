/*
 * category_value.c
 *		Categories of any type as text.
 *
 * A category is known by the text of its value, so that profiles, JSON exports
 * and messages can name it.  Types whose equal values can print differently are
 * brought to one form first.
 */
#include "postgres.h"

#include "category_value.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

/* Texts of pass-by-value types are kept, so that most rows call no output function. */
#define CACHE_SIZE 256

typedef struct CachedText
{
	Datum value;
	char *text; /* NULL: unused */
	uint32 length;
} CachedText;

typedef struct CategoryReader
{
	MemoryContext context;
	Oid type; /* of a domain, its base type */
	bool is_text;
	bool by_value;
	FmgrInfo output;
	MemoryContext scratch; /* what printing the last value left behind */
	CachedText cache[CACHE_SIZE];
} CategoryReader;

/*
 * Points in time and spans are ordered and seldom repeat: as categories almost
 * every value would be new.
 */
static void
check_type(Oid type)
{
	char category;
	bool preferred;

	get_type_category_preferred(type, &category, &preferred);
	if (category == TYPCATEGORY_DATETIME || category == TYPCATEGORY_TIMESPAN)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("values of type %s are neither numbers nor categories",
						format_type_be(type)),
				 errhint("Use extract(epoch FROM value) to compare them as numbers, or value::text to compare them as categories.")));
}

CategoryReader *
monitor_category_reader(Oid type, MemoryContext context)
{
	CategoryReader *reader = MemoryContextAllocZero(context, sizeof(CategoryReader));
	Oid output;
	bool is_varlena;

	reader->context = context;
	reader->type = getBaseType(type);
	check_type(reader->type);
	reader->is_text = reader->type == TEXTOID || reader->type == VARCHAROID;
	reader->by_value = get_typbyval(reader->type);
	getTypeOutputInfo(reader->type, &output, &is_varlena);
	fmgr_info_cxt(output, &reader->output, context);
	reader->scratch = AllocSetContextCreate(context, "monitor category text", ALLOCSET_SMALL_SIZES);
	return reader;
}

CategoryReader *
monitor_argument_reader(FunctionCallInfo fcinfo, int argno)
{
	FmgrInfo *flinfo = fcinfo->flinfo;

	if (flinfo->fn_extra == NULL)
	{
		Oid type = get_fn_expr_argtype(flinfo, argno);

		if (!OidIsValid(type))
			elog(ERROR, "could not determine the type of argument %d", argno);
		flinfo->fn_extra = monitor_category_reader(type, flinfo->fn_mcxt);
	}
	return (CategoryReader *) flinfo->fn_extra;
}

/*
 * The text of a value, in memory that the next call frees; NULL when it is NaN.
 * -0 prints as 0, and numeric 1.0 as 1.  Output functions leave memory behind, which
 * must not last as long as the query.
 */
static char *
print(CategoryReader *reader, Datum value)
{
	MemoryContext old;
	char *text = NULL;

	MemoryContextReset(reader->scratch);
	old = MemoryContextSwitchTo(reader->scratch);
	switch (reader->type)
	{
		case FLOAT4OID:
			if (!isnan(DatumGetFloat4(value)))
				text = OutputFunctionCall(&reader->output,
										  Float4GetDatum(DatumGetFloat4(value) + 0.0f));
			break;
		case FLOAT8OID:
			if (!isnan(DatumGetFloat8(value)))
				text = OutputFunctionCall(&reader->output,
										  Float8GetDatum(DatumGetFloat8(value) + 0.0));
			break;
		case NUMERICOID:
			if (!numeric_is_nan(DatumGetNumeric(value)))
				text = numeric_normalize(DatumGetNumeric(value));
			break;
		case BOOLOID: /* as the cast to text and JSON write it */
			text = pstrdup(DatumGetBool(value) ? "true" : "false");
			break;
		default:
			text = OutputFunctionCall(&reader->output, value);
	}
	MemoryContextSwitchTo(old);
	return text;
}

static bool
cached_text(CategoryReader *reader, Datum value, const char **bytes, uint32 *length)
{
	CachedText *slot = &reader->cache[murmurhash32((uint32) (value ^ (value >> 32))) % CACHE_SIZE];

	if (slot->text == NULL || slot->value != value)
	{
		char *printed = print(reader, value);

		if (printed == NULL)
			return false;
		if (slot->text != NULL)
			pfree(slot->text);
		slot->value = value;
		slot->text = MemoryContextStrdup(reader->context, printed);
		slot->length = strlen(printed);
	}
	*bytes = slot->text;
	*length = slot->length;
	return true;
}

bool
monitor_category_text(CategoryReader *reader, Datum value, const char **bytes, uint32 *length)
{
	if (reader->by_value)
		return cached_text(reader, value, bytes, length);
	if (reader->is_text)
	{
		text *packed = DatumGetTextPP(value);

		*bytes = VARDATA_ANY(packed);
		*length = VARSIZE_ANY_EXHDR(packed);
		return true;
	}
	*bytes = print(reader, value);
	if (*bytes == NULL)
		return false;
	*length = strlen(*bytes);
	return true;
}
