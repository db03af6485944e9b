using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using StackExchange.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class ScriptCatalogRulesOnRedis(RedisServerStore store) : ScriptCatalogRules(store), IClassFixture<RedisServerStore>;

public sealed class ScriptCatalogRulesOnTheEmbeddedStore(EmbeddedStore store) : ScriptCatalogRules(store), IClassFixture<EmbeddedStore>;

public abstract class ScriptCatalogRules
{
    private readonly StoreFixture _store;
    private readonly StoreKeys _keys = new($"{Guid.NewGuid():N}:");
    private readonly RedisScriptCatalog _catalog;
    private readonly RedisPersistenceIds _ids;

    protected ScriptCatalogRules(StoreFixture store)
    {
        _store = store;
        _catalog = new RedisScriptCatalog(store.Connection, _keys);
        _ids = new RedisPersistenceIds(store.Connection, _keys);
    }

    [Fact]
    public async Task An_empty_catalog_has_no_lines()
    {
        Assert.Empty(await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task Lines_come_back_as_they_were_put()
    {
        await _catalog.PutAsync(Line("math/add", 1), 1, default);
        await _catalog.PutAsync(Line("größe \"1\" 2", 3), 7, default);

        var lines = await _catalog.AllAsync(default);

        Assert.Equal(
            [(Line("größe \"1\" 2", 3), 7), (Line("math/add", 1), 1)], lines.OrderBy(line => line.Summary.Path, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_later_event_replaces_a_line_and_an_earlier_one_does_not()
    {
        await _catalog.PutAsync(Line("a", 9), 9, default);
        await _catalog.PutAsync(Line("a", 10), 10, default);
        await _catalog.PutAsync(Line("a", 8), 8, default);

        Assert.Equal([(Line("a", 10), 10)], await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task Whatever_the_order_of_arrival_the_latest_event_wins()
    {
        await Task.WhenAll(Enumerable.Range(1, 200).Reverse().Select(n => _catalog.PutAsync(Line("a", n), n, default)));

        Assert.Equal([(Line("a", 200), 200)], await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task A_cleared_catalog_is_empty_and_can_be_filled_again()
    {
        await _catalog.PutAsync(Line("a", 9), 9, default);
        await _catalog.ClearAsync(default);
        await _catalog.PutAsync(Line("a", 1), 1, default);

        Assert.Equal([(Line("a", 1), 1)], await _catalog.AllAsync(default));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("3 {}")]
    [InlineData("x {\"path\":\"a\"}")]
    [InlineData("")]
    public async Task A_line_that_does_not_parse_is_named_and_the_next_put_mends_it(string bad)
    {
        await _store.Connection.CallAsync(database => database.HashSetAsync(_keys.Scripts, "a", bad), default);

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => _catalog.AllAsync(default));
        Assert.Contains($"'{_keys.Scripts}' holds no readable line for 'a'", failure.Message, StringComparison.Ordinal);

        await _catalog.PutAsync(Line("a", 5), 5, default);
        Assert.Equal([(Line("a", 5), 5)], await _catalog.AllAsync(default));
    }

    [Theory]
    [InlineData("javaScript", Language.JavaScript)]
    [InlineData("typeScript", Language.TypeScript)]
    [InlineData("python", Language.Python)]
    [InlineData("javascript", Language.JavaScript)]
    public async Task A_line_that_an_earlier_server_wrote_is_read(string name, Language language)
    {
        var line = $$"""7 {"path":"a","latest":{"number":1700000001,"language":"{{name}}","codeHash":"{{new string('a', 64)}}","codeBytes":12,"at":"1970-01-02T00:00:00+00:00","isolation":"shared"},"versions":1}""";
        await _store.Connection.CallAsync(database => database.HashSetAsync(_keys.Scripts, "a", line), default);

        var (summary, sequenceNr) = Assert.Single(await _catalog.AllAsync(default));

        Assert.Equal(7, sequenceNr);
        Assert.Equal(Line("a", 1, language, Isolation.Shared), summary);
    }

    [Fact]
    public async Task A_line_has_the_bytes_it_always_had()
    {
        await _catalog.PutAsync(Line("ü", 1, Language.JavaScript, Isolation.Shared), 7, default);

        var line = await _store.Connection.CallAsync(database => database.HashGetAsync(_keys.Scripts, "ü"), default);

        Assert.Equal(
            $$$"""7 {"path":"ü","latest":{"number":1700000001,"language":"javascript","codeHash":"{{{new string('a', 64)}}}","codeBytes":12,"at":"1970-01-02T00:00:00+00:00","settings":{"isolation":"shared"}},"versions":1}""",
            line);
    }

    [Fact]
    public async Task Persistence_ids_are_found_by_prefix_with_their_highest_sequence_number()
    {
        string[] known = ["script:a", "script:a/b", "script:[x]*?\\", "scripting", "other", "script:"];
        foreach (var (pid, n) in known.Select((pid, n) => (pid, n)))
        {
            await _store.Connection.CallAsync(database => database.StringSetAsync(_keys.HighestSequenceNr(pid), n), default);
            await _store.Connection.CallAsync(database => database.SortedSetAddAsync(_keys.Journal(pid), "event", n), default);
        }

        Assert.Equal(
            [("script:", 5), ("script:[x]*?\\", 2), ("script:a", 0), ("script:a/b", 1)],
            (await _ids.ListAsync("script:", default)).Order());
        Assert.Equal([("script:[x]*?\\", 2)], await _ids.ListAsync("script:[x]*", default));
        Assert.Equal(known.Length, (await _ids.ListAsync("", default)).Count);
        Assert.Empty(await _ids.ListAsync("nothing", default));
    }

    [Fact]
    public async Task Thousands_of_persistence_ids_are_found()
    {
        KeyValuePair<RedisKey, RedisValue>[] stored = [.. Enumerable.Range(0, 3000).Select(
            n => new KeyValuePair<RedisKey, RedisValue>(_keys.HighestSequenceNr($"s{n}"), n))];
        await _store.Connection.CallAsync(database => database.StringSetAsync(stored), default);

        var found = await _ids.ListAsync("s", default);

        Assert.Equal(Enumerable.Range(0, 3000).Select(n => ($"s{n}", (long)n)).ToHashSet(), found.ToHashSet());
        Assert.Equal(3000, found.Count);
    }

    private static ScriptSummary Line(string path, int versions, Language language = Language.TypeScript, Isolation? isolation = null) =>
        new(
        path,
        new ScriptVersion(
            1_700_000_000 + versions,
            language,
            new string('a', 64),
            12,
            DateTimeOffset.UnixEpoch.AddDays(versions),
            new ScriptSettings(isolation)),
        versions);
}
