using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// Who may see and cancel a kept run. With the scope <c>runs</c> a key sees those of the scripts that it is for, as it sees recent runs;
/// with <c>admin</c> it may cancel them, too. Any other key sees, and may cancel, the runs that it has started itself. A run that a caller
/// may not see is answered 404, like one that is not there; one that it may see and not cancel, 403. A run whose record this server is
/// about to write is looked for when it has.
/// </summary>
internal static class KeptRunAccess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Throws <see cref="ProblemException"/> (403) unless the caller's key sees runs that others have started.</summary>
    public static void CheckSeesOthers(this HttpContext context)
    {
        if (!context.KeyMay(Scopes.Runs))
        {
            throw new ProblemException(FaasProblems.Forbidden(context.KeyName()!, ScopeNames.NamesOf(Scopes.Runs)));
        }
    }

    /// <summary>
    /// The run, if the caller may see it, or, to cancel it, if the caller may do that. Throws <see cref="ProblemException"/>.
    /// </summary>
    /// <param name="runs">The store.</param>
    /// <param name="context">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="scope">The scope that sees, or may cancel, what others have started.</param>
    public static Task<KeptRun> FindAsync(this IKeptRuns runs, HttpContext context, string id, Scopes scope) =>
        SeenAsync(context, id, scope, runs.FindAsync);

    /// <summary>The same, without the run's input, value and output.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public static Task<KeptRun> LookAsync(this IKeptRuns runs, HttpContext context, string id, Scopes scope) =>
        SeenAsync(context, id, scope, runs.LookAsync);

    private static async Task<KeptRun> SeenAsync(
        HttpContext context, string id, Scopes scope, Func<string, CancellationToken, Task<KeptRun?>> find)
    {
        var isWritten = await context.RequestServices.GetRequiredService<KeptWriter>().WrittenAsync(id, s_patience, context.RequestAborted);
        if (!isWritten)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.Store($"The record of the run \"{id}\" is not written yet.")));
        }

        try
        {
            var run = KeptIds.Is(id) ? await find(id, context.RequestAborted) : null;
            return ProblemOf(context, run?.Call, scope, $"the run \"{id}\"", Refusal.NoKeptRun(id)) is { } problem
                ? throw new ProblemException(problem)
                : run!;
        }
        catch (StoreException)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    /// <summary>Why the caller may not see what this call has started, or not cancel it; null: it may.</summary>
    /// <param name="context">The request.</param>
    /// <param name="call">The call of a run, or of the runs of a batch; null: there is none.</param>
    /// <param name="scope">The scope that sees, or may cancel, what others have started.</param>
    /// <param name="what">What the call has started, as half a sentence.</param>
    /// <param name="unknown">That it is not there.</param>
    internal static Problem? ProblemOf(HttpContext context, KeptCall? call, Scopes scope, string what, Refusal unknown) =>
        call is not null && Permits(context, call, scope) ? null
        : call is not null && Permits(context, call, Scopes.Runs)
            ? FaasProblems.ForbiddenToCancel(context.KeyName()!, what, ScopeNames.NamesOf(scope))
        : FaasProblems.Of(unknown);

    private static bool Permits(HttpContext context, KeptCall call, Scopes scope) =>
        context.KeyPaths().Include(call.Path)
        && (context.KeyMay(scope) || (call.Caller is { } caller && caller == context.CallerOfKey()));
}
