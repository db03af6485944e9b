using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas rollback PATH</c>: goes back to what was before.</summary>
internal static class RollbackCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script" }.CompletesScripts();
        var alias = new Argument<string?>("ALIAS")
        {
            Description = "moves this alias to what it named before; a second time moves it forward again",
            Arity = ArgumentArity.ZeroOrOne,
        }.CompletesAliases(path);
        var to = new Option<string?>("--to")
        {
            Description = "makes a new version of this one's sources, settings and lock, so that it is the latest",
            HelpName = "VERSION",
        }.NotEmpty();
        return new Command("rollback", "moves an alias back, or makes an earlier version the latest") { path, alias, to }
            .Example("faas rollback math/add stable", "faas rollback math/add --to 1739000000")
            .Does(call =>
            {
                var script = ScriptName.OfPath(call.Get(path)!);
                return (call.Get(alias), call.Get(to)) switch
                {
                    ({ } name, null) => AliasAsync(call, script, name),
                    (null, { } version) => VersionAsync(call, script, version),
                    _ => throw CliException.Usage("Say either what ALIAS is moved back, or --to which VERSION the script goes back."),
                };
            });
    }

    private static async Task<int> AliasAsync(Call call, string path, string name) => AliasCommand.Show(
        call.Terminal, [await call.Client.Aliases.RollBackAsync(path, name, cancellation: call.Cancellation)], one: true);

    // A version is immutable, and numbers rise: so what was before comes back under a new number.
    private static async Task<int> VersionAsync(Call call, string path, string name)
    {
        var scripts = call.Client.Scripts;
        var before = await scripts.GetVersionAsync(path, name, call.Cancellation);
        var stored = await scripts.RestoreAsync(path, Figures.Count(before.Version), call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(stored, CliJson.Default.Uploaded);
        }
        else
        {
            call.Terminal.Out.WriteLine(stored.Unchanged
                ? $"The latest version, {stored.Version}, is the same as {before.Version}."
                : $"Version {stored.Version} is the latest, with the sources, settings and libraries of {before.Version}.");
        }

        return ExitCode.Ok;
    }
}
