using Akka.Hosting;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Changes scripts: deletes them and their versions, enables and disables them, moves their aliases.</summary>
public sealed class ChangeScript(IRequiredActor<ScriptRegistry> registry, UseCaseOptions options, TimeProvider time)
{
    /// <summary>Deletes the script. Calls that run go on; new ones find no script.</summary>
    public Task<Refusal?> DeleteAsync(string path, CancellationToken cancellation) =>
        ChangeAsync(new DeleteScript(path, time.GetUtcNow()), cancellation);

    /// <summary>Deletes a version.</summary>
    public Task<Refusal?> DeleteVersionAsync(string path, long number, CancellationToken cancellation) =>
        ChangeAsync(new DeleteVersion(path, number, time.GetUtcNow()), cancellation);

    /// <summary>Says whether the script may be run.</summary>
    public async Task<OrRefusal<ScriptDescription>> EnableAsync(string path, bool enabled, CancellationToken cancellation) =>
        await AskAsync(new EnableScript(path, enabled, time.GetUtcNow()), cancellation) switch
        {
            ScriptDescribed described => described.Script,
            var other => ScriptLookup.RefusalOf(other),
        };

    private async Task<Refusal?> ChangeAsync(IScriptCommand command, CancellationToken cancellation) =>
        await AskAsync(command, cancellation) switch
        {
            ScriptChanged => null,
            var other => ScriptLookup.RefusalOf(other),
        };

    private Task<IWithScriptPath> AskAsync(IScriptCommand command, CancellationToken cancellation) =>
        ScriptLookup.AskAsync(registry, command, options.StorePatience, cancellation);
}
