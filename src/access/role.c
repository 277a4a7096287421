/*
 * role.c
 *		Roles that are remembered: by name, OID and cluster.
 */
#include "postgres.h"

#include "access.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(monitor_cluster);
PG_FUNCTION_INFO_V1(monitor_role);

/* _cluster() -> bigint: the system identifier, which a restored dump does not share. */
Datum
monitor_cluster(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) GetSystemIdentifier());
}

/*
 * _role(name, oid, cluster) -> oid: the role that was meant, if it is still the same one,
 * else NULL.  In the cluster where it was noted both OID and name must match: a new
 * role of an old name, or of a reused OID, is somebody else.  In another cluster, where
 * a dump was restored, OIDs mean nothing and the name counts.
 */
Datum
monitor_role(PG_FUNCTION_ARGS)
{
	Name name = PG_GETARG_NAME(0);
	Oid oid = PG_GETARG_OID(1);
	Oid found = get_role_oid(NameStr(*name), true);

	if (!OidIsValid(found))
		PG_RETURN_NULL();
	if ((uint64) PG_GETARG_INT64(2) == GetSystemIdentifier() && found != oid)
		PG_RETURN_NULL();
	PG_RETURN_OID(found);
}
