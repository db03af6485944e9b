using Faas.Actors.Sandboxes.Runtimes;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;
using Faas.Http.Configuration;
using Xunit;

namespace Faas.Bench.Tests.Ways;

public sealed class ManyWayTests
{
    [Fact]
    public void Each_language_has_three_hundred_scripts_of_different_texts()
    {
        var sandbox = FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>()).Sandbox;
        using var maker = new CodeMaker(RuntimeFiles.Find(sandbox).Esbuild);

        var codes = ManyWay.Codes(maker);

        Assert.Equal(900, codes.Values.Select(code => code.Key).Distinct().Count());
        Assert.All(codes.CountBy(code => code.Value.Language), count => Assert.Equal(300, count.Value));
        Assert.DoesNotContain(": Greeting", codes["many/typescript/299"].Compiled!.JavaScript, StringComparison.Ordinal);
    }
}
