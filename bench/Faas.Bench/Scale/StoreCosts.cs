using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Rounds;
using Faas.Bench.Stores;
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
    private static readonly RoundPlan s_plan = RoundPlan.OfMilliseconds(12, 500, 300, 0, 30_000);

    public IReadOnlyList<SideBySide> Measure()
    {
        var inFilled = StoreSeed.PathOf(kind, 0);
        filled.Upload(inFilled, s_hello.Language, s_hello.Source);
        empty.Upload(Known, s_hello.Language, s_hello.Source);
        return
        [
            Compare("a stored script runs", 200, () => Run(inFilled), () => Run(Known)),
            Compare("upload to a script in memory", 200, () => Upload(inFilled), () => Upload(Known)),
            Compare("upload of a new script", 200, New(), New()),
            Compare("upload to a script not in memory", 200, Other(kind, 1, Upload), Other("next", 1, Upload)),
            Compare("look-up of a script not in memory", 404, Other(kind, 2, LookUp), Other("none", 2, LookUp)),
        ];
    }

    private SideBySide Compare(string what, int status, Func<byte[]> ofFilled, Func<byte[]> ofEmpty)
    {
        return SideBySide.Measure(new Contest(s_plan, stop), what, Way("filled", filled, ofFilled), Way("empty", empty, ofEmpty));

        CallerWay Way(string name, FaasUnderBench server, Func<byte[]> next) =>
            new(name, server.Usage, _ => HttpCallers.Changing(server.Address, next, status));
    }

    private static Func<byte[]> New() => Numbered("new", 1, 1, int.MaxValue, Upload);

    // Every other script, beginning with one.
    private Func<byte[]> Other(string kind, int first, Func<string, byte[]> request) => Numbered(kind, first, 2, scripts, request);

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

    private static byte[] Upload(string path) => FaasUnderBench.UploadRequest(path, s_hello.Language, s_hello.Source);
}
