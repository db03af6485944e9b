using Akka.Hosting;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Changes scripts: deletes them and their versions, enables and disables them, says which versions are kept.</summary>
public sealed class ChangeScript(IRequiredActor<ScriptRegistry> registry, Runner runner, UseCaseOptions options, TimeProvider time)
{
    /// <summary>Deletes the script. Calls that run go on; new ones find no script.</summary>
    public async Task<Refusal?> DeleteAsync(string path, CancellationToken cancellation)
    {
        var refusal = await ChangeAsync(new DeleteScript(path, time.GetUtcNow()), cancellation);
        if (refusal is null)
        {
            runner.LetGo(path);
        }

        return refusal;
    }

    /// <summary>Deletes a version.</summary>
    public Task<Refusal?> DeleteVersionAsync(string path, long number, CancellationToken cancellation) =>
        ChangeAsync(new DeleteVersion(path, number, time.GetUtcNow()), cancellation);

    /// <summary>Changes what the script has beside its versions.</summary>
    /// <param name="path">The script.</param>
    /// <param name="enabled">Whether it may be run; null: as before.</param>
    /// <param name="retention">Which versions are kept; null: as before.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<OrRefusal<ScriptDescription>> ConfigureAsync(
        string path, bool? enabled, RetentionChange? retention, CancellationToken cancellation)
    {
        var reply = await AskAsync(new ConfigureScript(path, enabled, retention, time.GetUtcNow()), cancellation);
        if (reply is not ScriptDescribed described)
        {
            return ScriptLookup.RefusalOf(reply);
        }

        if (enabled == false)
        {
            runner.LetGo(path);
        }

        return described.Script;
    }

    private async Task<Refusal?> ChangeAsync(IScriptCommand command, CancellationToken cancellation) =>
        await AskAsync(command, cancellation) switch
        {
            ScriptChanged => null,
            var other => ScriptLookup.RefusalOf(other),
        };

    private Task<IWithScriptPath> AskAsync(IScriptCommand command, CancellationToken cancellation) =>
        ScriptAsk.AskAsync(registry, command, options, cancellation);
}
