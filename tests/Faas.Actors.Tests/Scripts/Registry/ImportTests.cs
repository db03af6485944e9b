using Akka.Actor;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>Imports by the messages of a script's actor, on a store in memory that can be made to fail.</summary>
public sealed class ImportTests() : ScriptTestKit(InMemoryAsTheyAre)
{
    private static readonly ScriptCode s_code = ScriptCode.Of(Language.Python, "return 1");
    private static readonly ScriptCode s_other = ScriptCode.Of(Language.Python, "return 2");

    private readonly ScriptsInMemory _store = new();

    [Fact]
    public async Task What_was_imported_is_there_also_for_the_next_registry_and_an_upload_gets_a_higher_number()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        Assert.Equal(new ScriptImported("p", 2, IsChanged: true), await AskAsync(registry, Import(5_000_000_000, 5_000_000_001)));
        await ListsAsync(list => list.Scripts is [{ Versions: 2, Latest.Number: 5_000_000_001 }]);
        await StopAsync(registry);

        registry = Registry(_store, _store, _store);
        Assert.IsType<VersionFound>(await GetAsync(registry, "p", 5_000_000_000));
        Assert.Equal(new ScriptImported("p", 0, IsChanged: false), await AskAsync(registry, Import(5_000_000_000, 5_000_000_001)));
        Assert.Equal(5_000_000_101, (await PublishAsync(registry, "p", "return 3")).Version); // the archive said that 100 more were used
        Assert.Equal(3, Assert.IsType<ScriptSnapshot>(await AskAsync(registry, new GetScript("p"))).Versions.Count);
    }

    [Fact]
    public async Task An_import_whose_code_is_not_in_the_store_changes_nothing_and_releases_the_code_that_is()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        var import = Import(1, 2);
        import = import with { Versions = [import.Versions[0], import.Versions[1] with { CodeHash = s_other.Hash }] };

        Assert.Equal(
            new ScriptConflict("p", "The script \"p\" was changed while it was imported; import it again."),
            await AskAsync(registry, import));
        Assert.IsType<VersionNotFound>(await GetAsync(registry, "p"));
        await AwaitConditionAsync(async () => await _store.GetAsync(s_code.Language, s_code.Hash, default) is null, Patience);
        Assert.Empty(_store.References);
    }

    [Fact]
    public async Task Code_that_was_stored_in_vain_is_released_unless_a_version_names_it()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        await AskAsync(registry, Import(1));
        await _store.PutAsync(s_other, "p", default);
        var versions = Import(2, 3).Versions;

        await AskAsync(registry, new ReleaseCode("p", [versions[0], versions[1] with { CodeHash = s_other.Hash }]));

        await AwaitConditionAsync(async () => await _store.GetAsync(s_other.Language, s_other.Hash, default) is null, Patience);
        Assert.NotNull(await _store.GetAsync(s_code.Language, s_code.Hash, default));
        Assert.Single(_store.References);
    }

    [Fact]
    public async Task A_dry_run_needs_no_code_and_changes_nothing()
    {
        var registry = Registry(_store, _store, _store);
        Assert.Equal(new ScriptImported("p", 1, IsChanged: true), await AskAsync(registry, Import(1) with { DryRun = true }));
        Assert.IsType<VersionNotFound>(await GetAsync(registry, "p"));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_and_a_second_import_finishes()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        _store.Failure = new StoreException("no answer");
        Assert.Equal(new StoreUnavailable("p", "no answer"), await AskAsync(registry, Import(1)));
        _store.Failure = null;

        Assert.Equal(new ScriptImported("p", 1, IsChanged: true), await AskAsync(registry, Import(1)));
    }

    [Fact]
    public async Task Imports_and_uploads_at_once_are_one_history()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        var imports = Enumerable.Range(1, 20).Select(number => AskAsync(registry, Import(number)));
        var uploads = Enumerable.Range(1, 20).Select(i => PublishAsync(registry, "p", $"return {i + 10}"));
        await Task.WhenAll(Task.WhenAll(imports), Task.WhenAll(uploads));

        var script = Assert.IsType<ScriptSnapshot>(await AskAsync(registry, new GetScript("p")));
        Assert.Equal(40, script.Versions.Count);
        var numbers = script.Versions.Select(version => version.Number).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
    }

    [Fact]
    public async Task A_script_that_was_only_imported_or_exported_leaves_memory_after_a_moment()
    {
        var registry = Registry(_store, _store, _store);
        await _store.PutAsync(s_code, "p", default);
        await AskAsync(registry, Import(1));
        await AwaitConditionAsync(() => Task.FromResult(!Live.Has("p")), Patience);

        Assert.IsType<ScriptSnapshot>(await AskAsync(registry, new GetScript("p")));
        Assert.True(Live.Has("p"));
        await AwaitConditionAsync(() => Task.FromResult(!Live.Has("p")), Patience);
    }

    private static Task<IWithScriptPath> AskAsync(IActorRef registry, IScriptRequest request) =>
        registry.Ask<IWithScriptPath>(request, Patience);

    private static ImportScript Import(params long[] numbers) => new(
        "p",
        [
            .. numbers.Select(number => new ScriptVersion(
                number, Language.Python, s_code.Hash, 8, DateTimeOffset.UnixEpoch, ScriptSettings.Default)),
        ],
        ScriptTraits.None with { Highest = numbers[^1] + 99 },
        DateTimeOffset.UtcNow);
}
