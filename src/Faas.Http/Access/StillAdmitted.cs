using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>
/// Whether a request that was admitted would be admitted now. An answer that goes on without an end asks this again and again, because its
/// caller's key may expire, be ended or lose a scope meanwhile.
/// </summary>
public sealed class StillAdmitted(KeysInForce keys, TimeProvider time)
{
    /// <summary>The problem (401 or 403) that the same request would be answered with now; null: none.</summary>
    public Problem? Check(HttpContext context) => keys.AreNeeded
        ? Admission.Check(
            keys.Ring, Credential.Of(context.Request.Headers), RequiredScope.Of(context.GetEndpoint()), time.GetUtcNow(), out _)
        : null;
}
