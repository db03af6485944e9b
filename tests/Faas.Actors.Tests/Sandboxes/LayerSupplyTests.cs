using System.Formats.Tar;
using System.Text;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Tests.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

public sealed class LayerSupplyTests : IDisposable
{
    private const string Hash = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Platform = "X64 python3.11";
    private const string NodePlatform = "X64 node 147";
    private const string Lock = $"alpha==1 --hash=sha256:{Hash}\nbeta==2 --hash=sha256:{Hash}\n";
    private static readonly ScriptCode s_code = ScriptCode.Of(Language.Python, "import alpha").With(Lock);
    private static readonly string s_name = LayerName.Of(Lock, Platform);

    private readonly string _folder = Directory.CreateTempSubdirectory("faas-supply-").FullName;
    private readonly LayerStore _store;

    public LayerSupplyTests() => _store = new LayerStore(_folder, new LayerLimits(10, 1000), TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_without_libraries_is_as_it_is()
    {
        var supply = Supply(new LayersOnPaper());
        foreach (var code in (ScriptCode[])
            [ScriptCode.Of(Language.Python, "return 1"), ScriptCode.Of(Language.JavaScript, "import 'npm:a'").With("a lock of npm's")])
        {
            var run = RunOf(code, version: 1);
            Assert.Same(run, supply.Known(run));
            Assert.Equal((run, null), await supply.SupplyAsync(run, default));
            supply.Stored(code);
        }

        Assert.Empty(_store.List());
    }

    [Fact]
    public async Task A_run_whose_bundle_is_trusted_has_the_trust_and_needs_no_layer()
    {
        var supply = Supply(new LayersOnPaper(), "beta");
        var code = BundleTrustTests.Bundle("beta");
        var run = supply.Known(RunOf(code, version: 1))!;
        Assert.NotNull(run.LibrariesAhead);
        Assert.Same(run.LibrariesAhead, (await supply.SupplyAsync(RunOf(code, version: 2), default)).Run.LibrariesAhead);
        Assert.Null(supply.Known(RunOf(BundleTrustTests.Bundle("alpha"), version: 1))!.LibrariesAhead);
    }

    [Fact]
    public async Task A_missing_layer_is_built_from_the_lock_once_and_then_known()
    {
        var paper = Building();
        var supply = Supply(paper);
        var run = RunOf(s_code, version: null);
        Assert.Null(supply.Known(run));

        var (supplied, failure) = await supply.SupplyAsync(run, default);

        Assert.Null(failure);
        Assert.Equal(new LayerMount(_store.Known(s_name)!, IsTrusted: false), supplied.Layer);
        Assert.Equal((Lock, s_code.Source), (paper.Asked.Single().Lock, paper.Asked.Single().Entry));
        Assert.Equal(supplied, (await supply.SupplyAsync(run, default)).Run);
        Assert.Equal(supplied, supply.Known(run));
        Assert.Single(paper.Asked);
    }

    [Fact]
    public async Task Stored_code_that_runs_is_noted_with_its_layer_and_other_code_is_not()
    {
        var supply = Supply(Building());
        await supply.SupplyAsync(RunOf(s_code, version: null), default);
        Assert.Empty(_store.List().Single().Codes);
        await supply.SupplyAsync(RunOf(s_code, version: 3), default);
        supply.Stored(ScriptCode.Of(Language.Python, "other").With(Lock));
        Assert.Equal(2, _store.List().Single().Codes.Count);
        Assert.Contains(s_code.Hash, _store.List().Single().Codes);
    }

    [Fact]
    public async Task The_layer_of_a_stored_version_is_built_whatever_is_permitted_now_and_that_of_other_code_is_not()
    {
        var paper = new LayersOnPaper { Says = order => Task.FromResult(new LayerAnswer(order.Lock, null, "")) };
        var supply = Supply(paper);
        await supply.SupplyAsync(RunOf(s_code, version: 3), default);
        await supply.SupplyAsync(RunOf(s_code, version: null), default);
        Assert.Equal([true, false], paper.Asked.Select(order => order.IsStored));
    }

    [Theory]
    [InlineData("alpha", "beta", true)]
    [InlineData("alpha", "gamma", false)]
    [InlineData("*", "npm:x", true)]
    [InlineData("npm:*", "alpha", false)]
    public async Task Only_a_layer_whose_libraries_are_all_named_is_imported_by_process_1(string one, string other, bool isTrusted)
    {
        var supply = Supply(Building(), one, other);
        var (run, _) = await supply.SupplyAsync(RunOf(s_code, version: null), default);
        Assert.Equal(isTrusted, run.Layer!.IsTrusted);
    }

    [Fact]
    public async Task A_layer_that_cannot_be_built_is_an_outcome_of_the_run()
    {
        var run = RunOf(s_code, version: 1);
        var refused = new LayersOnPaper { Says = _ => Task.FromResult(new LayerAnswer(null, "the wheel has another hash", "looked")) };
        var (_, failure) = await Supply(refused).SupplyAsync(run, default);
        Assert.Equal((Reason.Dependencies, "the wheel has another hash", "looked"), (failure!.Reason, failure.Detail, failure.Logs));

        (_, failure) = await Supply(new LayersOnPaper()).SupplyAsync(run, default);
        Assert.Equal(
            (Reason.Sandbox, "The script's libraries are not on this machine. There is no builder."), (failure!.Reason, failure.Detail));

        var forgetful = new LayersOnPaper { Says = order => Task.FromResult(new LayerAnswer(order.Lock, null, "")) };
        (_, failure) = await Supply(forgetful).SupplyAsync(run, default);
        Assert.Equal(Reason.Sandbox, failure!.Reason);
    }

    [Fact]
    public async Task A_bundle_that_imports_machine_code_has_the_layer_of_its_lock_which_process_1_never_executes()
    {
        var bundle = BundleTrustTests.Bundle("alpha");
        var @lock = bundle.Lock!;
        var name = LayerName.Of(@lock, NodePlatform);
        var paper = new LayersOnPaper
        {
            Says = async order =>
            {
                await _store.AddAsync(name, Layer(), default);
                return new LayerAnswer(order.Lock, null, "");
            },
        };
        var supply = Supply(paper, "*");
        var code = bundle with { Compiled = bundle.Compiled! with { NeedsLayer = true } };
        var asked = RunOf(code, version: 3);

        var (run, failure) = await supply.SupplyAsync(asked, default);

        Assert.Null(failure);
        Assert.Equal((new LayerMount(_store.Known(name)!, IsTrusted: false), null), (run.Layer, run.LibrariesAhead));
        Assert.Equal((Runtime.Node, @lock), (paper.Asked.Single().Runtime, paper.Asked.Single().Lock));
        Assert.Equal([code.Hash], _store.List().Single().Codes);
        Assert.Equal(run, supply.Known(asked));
        Assert.NotNull(supply.Known(asked with { Code = bundle })!.LibrariesAhead);
    }

    [Fact]
    public async Task A_runtime_that_does_not_tell_its_platform_is_an_outcome_of_the_run()
    {
        var supply = new LayerSupply(
            _store, new LayersOnPaper(), new BundleTrust([]), [], _ => throw new SandboxStartException("node cannot be run."));
        var run = RunOf(s_code, version: 1);
        supply.Stored(s_code);
        Assert.Null(supply.Known(run));

        var (_, failure) = await supply.SupplyAsync(run, default);

        Assert.Equal(
            (Reason.Sandbox, "The script's libraries are not on this machine. node cannot be run."), (failure!.Reason, failure.Detail));
    }

    private LayerSupply Supply(ILayerBuilder builder, params string[] preload)
    {
        NamePattern[] patterns = [.. preload.Select(text => NamePattern.Parse(text)!)];
        return new LayerSupply(
            _store, builder, new BundleTrust(patterns), patterns, runtime => runtime == Runtime.Python ? Platform : NodePlatform);
    }

    private LayersOnPaper Building() => new()
    {
        Says = async order =>
        {
            await _store.AddAsync(s_name, Layer(), default);
            return new LayerAnswer(order.Lock, null, "");
        },
    };

    private static MemoryStream Layer()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "alpha.py")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("x")),
            });
        }

        archive.Position = 0;
        return archive;
    }

    private static Run RunOf(ScriptCode code, long? version) =>
        new("r1", "path", code, RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: false, version);
}
