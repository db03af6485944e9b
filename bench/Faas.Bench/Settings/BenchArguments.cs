namespace Faas.Bench.Settings;

/// <summary>What the command line asks for.</summary>
/// <param name="Quick">The ratios alone, in under a minute.</param>
/// <param name="Server">faas.dll of a Release build.</param>
/// <param name="Results">The folder that gets the report and the plot; null: nothing is kept.</param>
internal sealed record BenchArguments(bool Quick, string Server, string? Results)
{
    /// <summary>How it is called, on one line.</summary>
    public const string Usage = "faas-bench (full | quick) --server FAAS.DLL [--results FOLDER]";

    private const string ServerOption = "--server";
    private const string ResultsOption = "--results";

    /// <summary>Reads the arguments; throws <see cref="BenchException"/> that names the one that is wrong and what is allowed.</summary>
    public static BenchArguments Parse(IReadOnlyList<string> arguments)
    {
        var quick = arguments switch
        {
            ["full", ..] => false,
            ["quick", ..] => true,
            [] => throw new BenchException($"Nothing was asked for; allowed is {Usage}."),
            [var other, ..] => throw new BenchException($"\"{other}\" is not understood; allowed is {Usage}."),
        };
        var options = new Dictionary<string, string>();
        for (var index = 1; index < arguments.Count; index += 2)
        {
            var name = arguments[index];
            if (name is not (ServerOption or ResultsOption))
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
            quick,
            options.GetValueOrDefault(ServerOption) ?? throw new BenchException($"{ServerOption} is missing; allowed is {Usage}."),
            options.GetValueOrDefault(ResultsOption));
    }
}
