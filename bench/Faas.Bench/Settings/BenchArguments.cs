using System.Globalization;

namespace Faas.Bench.Settings;

/// <summary>What the command line asks for.</summary>
/// <param name="Scope">What is measured.</param>
/// <param name="Server">faas-server.dll of a Release build.</param>
/// <param name="Results">The folder that gets the report and the plot; null: nothing is kept.</param>
/// <param name="Scripts">Scripts of the filled store, 10-1000000; the other scopes have none.</param>
internal sealed record BenchArguments(BenchScope Scope, string Server, string? Results, int Scripts = BenchArguments.ScriptsByDefault)
{
    /// <summary>How it is called, on one line.</summary>
    public const string Usage =
        "faas-bench (full | quick | network | libraries | scale [--scripts N]) --server FAAS.DLL [--results FOLDER]";

    /// <summary>As many as the target speaks of.</summary>
    public const int ScriptsByDefault = 10_000;

    private const int FewestScripts = 10;
    private const int MostScripts = 1_000_000;
    private const string ServerOption = "--server";
    private const string ResultsOption = "--results";
    private const string ScriptsOption = "--scripts";

    /// <summary>Reads the arguments; throws <see cref="BenchException"/> that names the one that is wrong and what is allowed.</summary>
    public static BenchArguments Parse(IReadOnlyList<string> arguments)
    {
        var scope = arguments switch
        {
            ["full", ..] => BenchScope.Full,
            ["quick", ..] => BenchScope.Quick,
            ["network", ..] => BenchScope.Network,
            ["libraries", ..] => BenchScope.Libraries,
            ["scale", ..] => BenchScope.Scale,
            [] => throw new BenchException($"Nothing was asked for; allowed is {Usage}."),
            [var other, ..] => throw new BenchException($"\"{other}\" is not understood; allowed is {Usage}."),
        };
        var options = new Dictionary<string, string>();
        for (var index = 1; index < arguments.Count; index += 2)
        {
            var name = arguments[index];
            if (!(name is ServerOption or ResultsOption || (name is ScriptsOption && scope == BenchScope.Scale)))
            {
                throw new BenchException($"\"{name}\" is not understood; allowed is {Usage}.");
            }

            if (index + 1 == arguments.Count || arguments[index + 1].Length == 0)
            {
                throw new BenchException($"{name} has no value; allowed is {Usage}.");
            }

            if (!options.TryAdd(name, arguments[index + 1]))
            {
                throw new BenchException($"{name} stands there twice; allowed is {Usage}.");
            }
        }

        return new BenchArguments(
            scope,
            options.GetValueOrDefault(ServerOption) ?? throw new BenchException($"{ServerOption} is missing; allowed is {Usage}."),
            options.GetValueOrDefault(ResultsOption),
            options.TryGetValue(ScriptsOption, out var scripts) ? ScriptsOf(scripts) : ScriptsByDefault);
    }

    private static int ScriptsOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var scripts)
        && scripts is >= FewestScripts and <= MostScripts
            ? scripts
            : throw new BenchException(
                $"{ScriptsOption} {text} is not a number from {FewestScripts} to {MostScripts}; allowed is {Usage}.");
}
