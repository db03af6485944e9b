using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Scale;

// Theory of operation. What is asked of both servers differs by the path alone. All uploads carry the same code, so that
// the sandbox that tries whether it compiles is there already and what remains is the store's part. A script that is not
// in memory is read from the store: each call takes another one, uploads the odd ones and look-ups the even ones, and
// scripts leave memory after a second, so that the first ones are out again before they have their second turn. A
// look-up asks for a version that no script has, which is answered as soon as the script is read, without a sandbox.

/// <summary>What calls cost on a filled store beside an empty one, in turns.</summary>
internal sealed class StoreCosts(FaasUnderBench filled, FaasUnderBench empty, string kind, int scripts, CancellationToken stop)
{
    /// <summary>How both servers differ from the one that is shipped.</summary>
    public const string Settings = "faas.scripts.passivate-after = 1s";

    private const string Known = "known";
    private static readonly Workload s_hello = Cases.HelloIn(Language.JavaScript);
    private static readonly RoundPlan s_plan = new(
        12, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(300), TimeSpan.Zero, TimeSpan.FromSeconds(30));

    /// <summary>Measures all.</summary>
    public IReadOnlyList<SideBySide> Measure()
    {
        var inFilled = StoreSeed.PathOf(kind, 0);
        foreach (var (server, path) in (ReadOnlySpan<(FaasUnderBench, string)>)[(filled, inFilled), (empty, Known)])
        {
            if (server.Ask(Upload(path)) is var (status, body) && status != 200)
            {
                throw new BenchException($"The upload of {path} was answered {status}: {body}");
            }
        }

        return
        [
            Compare("a stored script runs", 200, () => Run(inFilled), () => Run(Known)),
            Compare("upload to a script in memory", 200, () => Upload(inFilled), () => Upload(Known)),
            Compare("upload of a new script", 200, Numbered("new", 1, 1, int.MaxValue, Upload), Numbered("new", 1, 1, int.MaxValue, Upload)),
            Compare("upload to a script not in memory", 200, Numbered(kind, 1, 2, scripts, Upload), Numbered("next", 1, 2, scripts, Upload)),
            Compare("look-up of a script not in memory", 404, Numbered(kind, 2, 2, scripts, LookUp), Numbered("none", 2, 2, scripts, LookUp)),
        ];
    }

    private SideBySide Compare(string what, int status, Func<byte[]> ofFilled, Func<byte[]> ofEmpty)
    {
        var cells = new Contest(s_plan, stop).Run(s_hello with { Case = what }, 1,
        [
            new StoreWay("filled", filled.Usage, () => new ChangingCaller(filled.Address, ofFilled, status)),
            new StoreWay("empty", empty.Usage, () => new ChangingCaller(empty.Address, ofEmpty, status)),
        ]);
        return new SideBySide(what, cells[0], cells[1]);
    }

    private static Func<byte[]> Numbered(string kind, int first, int step, int below, Func<string, byte[]> request)
    {
        var next = first;
        return () =>
        {
            var path = StoreSeed.PathOf(kind, next);
            next = next + step < below ? next + step : first;
            return request(path);
        };
    }

    private static byte[] Run(string path) => HttpConnection.Post($"/run/{path}", $$"""{"input":{{s_hello.Input}}}""");

    private static byte[] LookUp(string path) => HttpConnection.Post($"/run/{path}?version=1", "{}");

    private static byte[] Upload(string path) => HttpConnection.Post(
        "/upload",
        new JsonObject { ["path"] = path, ["language"] = s_hello.Language.ToWire(), ["code"] = s_hello.Source }.ToJsonString());
}
