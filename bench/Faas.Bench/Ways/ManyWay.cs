using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>
/// Many stored scripts, called by Zipf's law: one sequence for each language, the same in every run, that goes on from turn to turn
/// and from group to group.
/// </summary>
/// <param name="server">The server, whose store has <see cref="Codes"/>; it belongs to the run.</param>
/// <param name="warming">How long the scripts of a language are called before the first turn.</param>
internal sealed class ManyWay(FaasUnderBench server, TimeSpan warming) : ServerWay(WayNames.Many, server)
{
    private const int Scripts = 300;
    private const int FewestCallers = 2;
    private const int MostCallers = 8;
    private readonly Dictionary<Language, Func<byte[]>> _calls = [];

    /// <summary>The stored scripts of all languages, by their paths.</summary>
    public static IReadOnlyDictionary<string, ScriptCode> Codes(CodeMaker maker) => Cases.Languages
        .SelectMany(language => maker.TextsOf(Cases.HelloIn(language), Scripts).Index())
        .ToDictionary(text => PathOf(text.Item.Language, text.Index), text => text.Item);

    public override bool Serves(Workload workload, int callers) =>
        workload.Case == Cases.Hello && callers is >= FewestCallers and <= MostCallers;

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        var isFirst = _calls.TryAdd(workload.Language, CallsOf(workload));
        IReadOnlyList<Caller> all = [.. Enumerable.Range(0, callers).Select(_ => CallerOf(workload, _calls[workload.Language]))];
        if (isFirst)
        {
            LoadGenerator.Closed(all, warming);
        }

        return all;
    }

    private static Func<byte[]> CallsOf(Workload workload)
    {
        var requests = Enumerable.Range(0, Scripts).Select(number => Run(PathOf(workload.Language, number), workload)).ToList();
        var sequence = new ZipfSequence(Scripts);
        return () => requests[sequence.Next()];
    }

    private static string PathOf(Language language, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"many/{language.ToWire()}/{number}");
}
