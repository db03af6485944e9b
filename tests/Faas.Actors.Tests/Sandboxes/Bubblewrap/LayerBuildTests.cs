using System.Formats.Tar;
using System.Text;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Libraries.Registry;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

/// <summary>What the server takes from a sandbox that chooses versions, and from one that installs a lock.</summary>
public sealed class LayerBuildTests : IDisposable
{
    private const string Built = """{"built": {"libraries": [], "files": 1, "bytes": 1, "isNative": false, "platform": "x"}}""";
    private const string BuiltOfNpm = """{"built": {"files": 1, "bytes": 1, "isNative": true, "platform": "x"}}""";
    private static readonly string s_lock = $"alpha==1.0 --hash=sha256:{new string('0', 64)}\n";
    private static readonly string s_chosen = $$"""{"chosen": "{{s_lock.Replace("\n", "\\n", StringComparison.Ordinal)}}"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("faas-layers-").FullName;
    private readonly HttpClient _http = RegistryClient.NewHttpClient();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_lock_comes_from_the_sandbox_that_chooses_versions_and_a_layer_from_the_one_that_installs_it()
    {
        Assert.Equal(s_lock, (await AnswerAsync(null, s_chosen)).Lock);
        Assert.Empty(Directory.GetDirectories(_folder));
        Assert.Null((await AnswerAsync(null, """{"chosen": ""}""")).Lock);
        Assert.Equal(s_lock, (await AnswerAsync(s_lock, Built)).Lock);
        Assert.Equal([LayerName.Of(s_lock, "here")], Directory.GetDirectories(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_sandbox_that_chooses_versions_can_store_no_layer_and_one_that_installs_a_lock_cannot_change_it()
    {
        Assert.Contains("no answer", (await Assert.ThrowsAsync<CompilerException>(() => AnswerAsync(null, Built))).Message);
        Assert.Contains("no answer", (await Assert.ThrowsAsync<CompilerException>(() => AnswerAsync(s_lock, s_chosen))).Message);
        Assert.Contains("cannot be locked", (await AnswerAsync(null, """{"chosen": "--index-url http://127.0.0.1/"}""")).Refused);
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public async Task The_lock_of_npm_is_pnpms_and_its_sandbox_only_installs_it()
    {
        Assert.Equal("a lock", (await AnswerAsync("a lock", BuiltOfNpm, Runtime.Node)).Lock);
        Assert.Equal([LayerName.Of("a lock", "here")], Directory.GetDirectories(_folder).Select(Path.GetFileName));
        Assert.Contains(
            "no answer", (await Assert.ThrowsAsync<CompilerException>(() => AnswerAsync(null, s_chosen, Runtime.Node))).Message);
    }

    private async Task<LayerAnswer> AnswerAsync(string? @lock, string answer, Runtime runtime = Runtime.Python)
    {
        var options = new LibraryOptions(
            new LibraryRules([], []),
            new Upstream(new Uri("http://127.0.0.1/"), [], null, []),
            new Upstream(new Uri("http://127.0.0.1/"), [], null, []),
            TimeSpan.Zero,
            1,
            1000,
            10,
            1000,
            [],
            [],
            _folder,
            TimeSpan.FromMinutes(1),
            1000);
        var sandbox = new ScriptedZygote();
        var order = new LayerOrder("", null, ["alpha"], @lock) { Runtime = runtime };
        await using var build = new LayerBuild(
            sandbox, order, options, new LayerStore(_folder, options.LayerLimits, TimeProvider.System), "here");
        await sandbox.SendRawAsync([.. Encoding.UTF8.GetBytes($"{{\"ready\": true}}\n{answer}\n"), .. Archive()]);
        sandbox.FallSilent();
        return await build.RunAsync(new SandboxRegistry(options, new RegistryClient(_http), TimeProvider.System), default);
    }

    private static byte[] Archive()
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "alpha.py") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        return archive.ToArray();
    }
}
