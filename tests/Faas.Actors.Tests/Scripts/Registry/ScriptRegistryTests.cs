using Akka.Actor;
using Akka.Event;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>The scripts by their messages, on a store in memory that can be made to fail.</summary>
public sealed class ScriptRegistryTests() : ScriptTestKit(InMemory)
{
    private readonly ScriptsInMemory _store = new();

    [Fact]
    public async Task A_published_version_is_found_by_number_and_as_the_latest()
    {
        var registry = Registry();
        var first = await PublishAsync(registry, "math/add", "return 1");
        var second = await PublishAsync(registry, "math/add", "return 2");

        var latest = Assert.IsType<VersionFound>(await GetAsync(registry, "math/add"));
        var earlier = Assert.IsType<VersionFound>(await GetAsync(registry, "math/add", first.Version));

        Assert.True(second.Version > first.Version);
        Assert.Equal((second.Version, ScriptCode.HashOf("return 2")), (latest.Version.Number, latest.Version.CodeHash));
        Assert.Equal((first.Version, ScriptCode.HashOf("return 1")), (earlier.Version.Number, earlier.Version.CodeHash));
        Assert.Equal("return 2", (await _store.GetAsync(Language.JavaScript, latest.Version.CodeHash, default))?.Source);
    }

    [Fact]
    public async Task A_script_tells_what_it_is_and_its_versions_in_pages()
    {
        var registry = Registry();
        var first = await PublishAsync(registry, "p", "return 1");
        await PublishAsync(registry, "p", "return 2");
        var last = await PublishAsync(registry, "p", "return 3", Language.Python);

        var described = await registry.Ask<ScriptDescribed>(new DescribeScript("p"), Patience);
        var newest = await registry.Ask<VersionsFound>(new GetVersions("p", null, 2), Patience);
        var oldest = await registry.Ask<VersionsFound>(new GetVersions("p", newest.Versions[^1].Number, 2), Patience);

        Assert.Equal((last.Version, Language.Python), (described.Script.Latest.Number, described.Script.Latest.Language));
        Assert.Equal(3, described.Script.Versions);
        Assert.Equal((2, true, last.Version), (newest.Versions.Count, newest.HasMore, newest.Versions[0].Number));
        Assert.Equal((first.Version, false), (Assert.Single(oldest.Versions).Number, oldest.HasMore));
        Assert.Equal(described.Script.Created, oldest.Versions[0].At);
    }

    [Fact]
    public async Task What_the_latest_version_has_already_is_no_new_version_however_many_upload_it_at_once()
    {
        var registry = Registry();
        var old = await PublishAsync(registry, "p", "return 1");
        await _store.PutAsync(ScriptCode.Of(Language.JavaScript, "return 2"), "p", default);
        var same = Publish("p", "return 2");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => registry.Ask<VersionPublished>(same, Patience)));

        Assert.Single(replies.Select(reply => reply.Version).Distinct());
        Assert.Single(replies, reply => !reply.IsUnchanged);
        Assert.True(replies[0].Version > old.Version);
        var again = await PublishAsync(registry, "p", "return 1"); // that of the version before is a new version
        var forced = await registry.Ask<VersionPublished>(Publish("p") with { Force = true }, Patience);
        var language = await PublishAsync(registry, "p", "return 1", Language.Python);
        var settings = await PublishAsync(registry, "p", "return 1", Language.Python, Isolation.Shared);
        Assert.All([again, forced, language, settings], reply => Assert.False(reply.IsUnchanged));
        Assert.Equal(6, (await registry.Ask<ScriptDescribed>(new DescribeScript("p"), Patience)).Script.Versions);
    }

    [Fact]
    public async Task Code_that_no_version_names_any_more_goes_and_other_code_stays()
    {
        var registry = Registry();
        var shared = await PublishAsync(registry, "p", "return 'shared'");
        var own = await PublishAsync(registry, "p", "return 'own'");
        await PublishAsync(registry, "q", "return 'shared'");
        await PublishAsync(registry, "p", "return 'last'");

        await DoneAsync(registry, new DeleteVersion("p", own.Version, DateTimeOffset.UtcNow));
        await DoneAsync(registry, new DeleteVersion("p", shared.Version, DateTimeOffset.UtcNow));
        await AwaitConditionAsync(async () => await CodeAsync("return 'own'") is null && ReferencesTo("return 'shared'") == 1, Patience);
        Assert.NotNull(await CodeAsync("return 'shared'"));

        await DoneAsync(registry, new DeleteScript("q", DateTimeOffset.UtcNow));
        await DoneAsync(registry, new DeleteScript("p", DateTimeOffset.UtcNow));
        await AwaitConditionAsync(
            async () => await CodeAsync("return 'shared'") is null && await CodeAsync("return 'last'") is null, Patience);
        Assert.Empty(_store.References);
    }

    [Fact]
    public async Task Code_that_is_uploaded_again_while_it_is_being_released_stays()
    {
        var registry = Registry();
        for (var round = 0; round < 20; round++)
        {
            var gate = new TaskCompletionSource();
            var first = await PublishAsync(registry, "p", "return 1");
            await PublishAsync(registry, "p", $"return 'round {round}'");
            _store.Releases = gate.Task;
            await DoneAsync(registry, new DeleteVersion("p", first.Version, DateTimeOffset.UtcNow));
            var again = PublishAsync(registry, "p", "return 1");
            if (round % 2 == 0)
            {
                await again;
            }

            gate.SetResult();
            await again;
            await GetAsync(registry, "p");
            Assert.NotNull(await CodeAsync("return 1"));
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_keeps_code_until_the_next_deletion()
    {
        var registry = Registry();
        var first = await PublishAsync(registry, "p", "return 1");
        var second = await PublishAsync(registry, "p", "return 2");
        await PublishAsync(registry, "p", "return 3");
        _store.Failure = new StoreException("no answer");
        await DoneAsync(registry, new DeleteVersion("p", first.Version, DateTimeOffset.UtcNow));
        await GetAsync(registry, "p");
        _store.Failure = null;
        Assert.NotNull(await CodeAsync("return 1"));

        await DoneAsync(registry, new DeleteVersion("p", second.Version, DateTimeOffset.UtcNow));

        await AwaitConditionAsync(async () => await CodeAsync("return 1") is null && await CodeAsync("return 2") is null, Patience);
    }

    [Fact]
    public async Task A_script_that_does_not_exist_tells_so_to_every_question()
    {
        var registry = Registry();

        Assert.Equal(new VersionNotFound("p", null), await registry.Ask<IWithScriptPath>(new DescribeScript("p"), Patience));
        Assert.Equal(new VersionNotFound("p", null), await registry.Ask<IWithScriptPath>(new GetVersions("p", null, 2), Patience));
        await AwaitConditionAsync(async () => await IsGoneAsync(registry, "p"), Patience);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("$weird/ü%2F*")]
    [InlineData("*catalog")]
    [InlineData("user")]
    public async Task Any_valid_path_has_its_own_versions(string path)
    {
        var registry = Registry();
        await PublishAsync(registry, path, "return 1");

        Assert.IsType<VersionFound>(await GetAsync(registry, path));
        Assert.IsType<VersionNotFound>(await GetAsync(registry, path + "x"));
        Assert.NotEmpty(Assert.IsType<VersionNotFound>(await GetAsync(registry, path, 5)).Newest!);
    }

    [Fact]
    public async Task A_registry_reads_a_script_that_cannot_exist_before_it_is_asked_for_any()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters, typeof(DeadLetter));

        Registry();

        await letters.FishForMessageAsync(
            letter => letter is DeadLetter { Message: VersionNotFound { Path: ScriptParent.NoScript } }, Patience);
        Assert.NotNull(ScriptPath.Check(ScriptParent.NoScript));
    }

    [Fact]
    public async Task A_script_is_live_from_its_first_version_until_its_actor_is_gone()
    {
        var registry = Registry();
        Assert.Null(Live.Find("p"));
        var first = await PublishAsync(registry, "p", "return 1", isolation: Isolation.Shared);
        Assert.Equal((first.Version, Isolation.Shared), (Live.Find("p")!.Latest!.Number, Live.Find("p")!.Latest!.Settings.Isolation));
        var second = await PublishAsync(registry, "p", "return 2");
        Assert.Equal(second.Version, Live.Find("p")!.Latest!.Number);

        await AwaitConditionAsync(
            async () =>
            {
                Sys.ActorSelection(registry.Path / "p").Tell(ReceiveTimeout.Instance);
                return await IsGoneAsync(registry, "p");
            },
            Patience);

        Assert.Null(Live.Find("p"));
        await GetAsync(registry, "p");
        Assert.Equal([first.Version, second.Version], Live.Find("p")!.Versions.Select(version => version.Number));
        Assert.Null(Live.Find("q"));
    }

    [Fact]
    public async Task A_script_that_was_read_where_it_is_shown_stays_in_memory()
    {
        var registry = Registry();
        await PublishAsync(registry, "p", "return 1");
        var script = Sys.ActorSelection(registry.Path / "p");
        script.Tell(ReceiveTimeout.Instance); // it has just been shown

        await GetAsync(registry, "p");
        Assert.NotNull(Live.Find("p"));
        script.Tell(ReceiveTimeout.Instance); // it has just been read
        await GetAsync(registry, "p");
        Assert.NotNull(await script.ResolveOne(Patience));

        Live.WasUsed("p");
        script.Tell(ReceiveTimeout.Instance);
        await AwaitConditionAsync(async () => await IsGoneAsync(registry, "p"), Patience);
    }

    [Fact]
    public async Task An_unknown_script_leaves_no_actor_behind()
    {
        var registry = Registry();
        Assert.IsType<VersionNotFound>(await GetAsync(registry, "nobody/knows"));

        await AwaitConditionAsync(async () => await IsGoneAsync(registry, "nobody%2Fknows"), Patience);
    }

    [Fact]
    public async Task An_idle_script_leaves_memory_and_no_message_is_lost_on_the_way()
    {
        var registry = Registry(Options with { PassivateAfter = TimeSpan.FromMilliseconds(20) });
        await PublishAsync(registry, "p", "return 1");
        await AwaitConditionAsync(async () => await IsGoneAsync(registry, "p"), Patience);

        for (var i = 2; i <= 40; i++)
        {
            await PublishAsync(registry, "p", $"return {i}");
            await Task.Delay(i % 4 * 10);
        }

        Assert.Equal(40, (await ListsAsync(list => list.Scripts is [{ Versions: 40 }])).Scripts[0].Versions);
    }

    [Fact]
    public async Task A_code_store_that_fails_fails_the_upload_and_no_version_appears()
    {
        var registry = Registry();
        _store.Failure = new StoreException("no answer");

        var answer = await registry.Ask<IWithScriptPath>(Publish("p"), Patience);

        Assert.Equal(new StoreUnavailable("p", "no answer"), answer);
        Assert.IsType<VersionNotFound>(await GetAsync(registry, "p"));
        _store.Failure = null;
        await PublishAsync(registry, "p", "return 1");
    }

    [Fact]
    public async Task An_upload_of_code_that_is_not_stored_any_more_says_so()
    {
        var registry = Registry();

        Assert.Equal(new CodeMissing("p"), await registry.Ask<IWithScriptPath>(Publish("p"), Patience));
        Assert.IsType<VersionNotFound>(await GetAsync(registry, "p"));
        await PublishAsync(registry, "p", "return 1");
    }

    [Fact]
    public async Task A_catalog_that_fails_fails_no_upload_and_catches_up()
    {
        var registry = Registry();
        _store.CatalogFailure = new StoreException("no answer");
        await PublishAsync(registry, "p", "return 1");
        Assert.IsType<StoreUnavailable>(await Keeper.Ask<object>(ListScripts.Instance, Patience));

        _store.CatalogFailure = null;

        Assert.Equal("p", (await ListsAsync(list => list.Scripts.Count == 1)).Scripts[0].Path);
    }

    [Fact]
    public async Task The_list_is_in_ordinal_order_and_counts_versions()
    {
        var registry = Registry();
        await PublishAsync(registry, "b", "return 1");
        await PublishAsync(registry, "B", "return 1", Language.TypeScript);
        await PublishAsync(registry, "a/c", "return 1");
        await PublishAsync(registry, "a/c", "return 2", Language.Python);

        var list = await ListsAsync(list => list.Scripts.Sum(script => script.Versions) == 4);

        Assert.Equal(
            [("B", 1, Language.TypeScript), ("a/c", 2, Language.Python), ("b", 1, Language.JavaScript)],
            list.Scripts.Select(script => (script.Path, script.Versions, script.Latest.Language)));
    }

    private IActorRef Registry(ScriptOptions? options = null) => Registry(_store, _store, _store, options);

    private static async Task DoneAsync(IActorRef registry, IScriptCommand command) =>
        Assert.IsType<ScriptChanged>(await registry.Ask<IWithScriptPath>(command, Patience));

    private Task<ScriptCode?> CodeAsync(string source) => _store.GetAsync(Language.JavaScript, ScriptCode.HashOf(source), default);

    private int ReferencesTo(string source) =>
        _store.References.Keys.Count(key => key.Item1.Hash == ScriptCode.HashOf(source));

    private static PublishVersion Publish(string path, string source = "return 1") =>
        PublishVersion.Of(path, ScriptCode.Of(Language.JavaScript, source), DateTimeOffset.UtcNow, ScriptSettings.Default);

    private async Task<bool> IsGoneAsync(IActorRef registry, string name)
    {
        var identity = await Sys.ActorSelection(registry.Path / name).Ask<ActorIdentity>(new Identify(null), Patience);
        return identity.Subject is null;
    }
}
