using System.Globalization;
using System.Text.RegularExpressions;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using StackExchange.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class ScriptCatalogRulesOnRedis(RedisServerStore store) : ScriptCatalogRules(store), IClassFixture<RedisServerStore>;

public sealed class ScriptCatalogRulesOnTheEmbeddedStore(EmbeddedStore store) : ScriptCatalogRules(store), IClassFixture<EmbeddedStore>;

public abstract partial class ScriptCatalogRules
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
            [State(Line("größe \"1\" 2", 3), 7), State(Line("math/add", 1), 1)], lines.OrderBy(line => line.Path, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_later_event_replaces_a_line_and_an_earlier_one_does_not()
    {
        await _catalog.PutAsync(Line("a", 9), 9, default);
        await _catalog.PutAsync(Line("a", 10), 10, default);
        await _catalog.PutAsync(Line("a", 8), 8, default);

        Assert.Equal([State(Line("a", 10), 10)], await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task Whatever_the_order_of_arrival_the_latest_event_wins()
    {
        await Task.WhenAll(Enumerable.Range(1, 200).Reverse().Select(n => _catalog.PutAsync(Line("a", n), n, default)));

        Assert.Equal([State(Line("a", 200), 200)], await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task A_cleared_catalog_is_empty_and_can_be_filled_again()
    {
        await _catalog.PutAsync(Line("a", 9), 9, default);
        await _catalog.ClearAsync(default);
        await _catalog.PutAsync(Line("a", 1), 1, default);

        Assert.Equal([State(Line("a", 1), 1)], await _catalog.AllAsync(default));
    }

    [Fact]
    public async Task Pages_by_path_are_in_the_order_of_bytes_and_hold_each_script_once()
    {
        string[] paths = ["B", "a", "a-b", "a/b", "a/b/c", "ab", "b", "ü", "\U0001F600"];
        await PutAllAsync(paths.Reverse());

        Assert.Equal(paths, await PathsAsync(new CatalogQuery(CatalogOrder.Path, "", [], 2, null)));
        Assert.Equal(["a", "a-b", "a/b", "a/b/c", "ab"], await PathsAsync(new CatalogQuery(CatalogOrder.Path, "a", [], 3, null)));
        Assert.Equal(["a/b", "a/b/c"], await PathsAsync(new CatalogQuery(CatalogOrder.Path, "a/", [], 1, null)));
        Assert.Empty(await PathsAsync(new CatalogQuery(CatalogOrder.Path, "x", [], 1, null)));
    }

    [Theory]
    [InlineData("", "a", "a,a/b,a/b/c")]
    [InlineData("", "a/b,a,ü", "a,a/b,a/b/c,ü")]
    [InlineData("a/", "a", "a/b,a/b/c")]
    [InlineData("a/b/", "a", "a/b/c")]
    [InlineData("a", "b,a/b", "a/b,a/b/c")]
    [InlineData("b", "a", "")]
    public async Task Only_paths_under_the_roots_are_listed_in_both_orders(string prefix, string roots, string expected)
    {
        await PutAllAsync(["B", "a", "a-b", "a/b", "a/b/c", "ab", "b", "ü"]);
        foreach (var most in new[] { 1, 2, 50 })
        {
            var query = new CatalogQuery(CatalogOrder.Path, prefix, roots.Split(','), most, null);
            Assert.Equal(expected, string.Join(',', await PathsAsync(query)));
            Assert.Equal(
                expected.Split(',').Order(StringComparer.Ordinal),
                (await PathsAsync(query with { Order = CatalogOrder.Time })).DefaultIfEmpty("").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Pages_by_time_begin_with_the_latest_upload_and_an_upload_moves_a_script()
    {
        await _catalog.PutAsync(Line("a", 1), 1, default);
        await _catalog.PutAsync(Line("c", 3), 1, default);
        await _catalog.PutAsync(Line("b", 3), 1, default);
        await _catalog.PutAsync(Line("d", 2), 1, default);
        Assert.Equal(["c", "b", "d", "a"], await PathsAsync(new CatalogQuery(CatalogOrder.Time, "", [], 1, null)));

        await _catalog.PutAsync(Line("a", 9), 2, default);

        Assert.Equal(["a", "c", "b", "d"], await PathsAsync(new CatalogQuery(CatalogOrder.Time, "", [], 2, null)));
    }

    [Fact]
    public async Task Every_page_of_ten_thousand_scripts_reads_two_stretches_of_the_store_and_no_more()
    {
        var paths = Enumerable.Range(0, 10_000).Select(n => $"team{n % 100:00}/script{n:00000}").Order(StringComparer.Ordinal).ToArray();
        await PutAllAsync(paths);
        var ofTeam = paths.Where(path => path.StartsWith("team42/", StringComparison.Ordinal)).ToArray();
        foreach (var (order, prefix, expected) in new[]
            { (CatalogOrder.Path, "", paths), (CatalogOrder.Time, "", paths), (CatalogOrder.Path, "team42/", ofTeam) })
        {
            var (listed, pages, calls) = (new List<string>(), 0, await CallsAsync());
            for (CatalogQuery? query = new(order, prefix, [], 100, null); query is not null; pages++)
            {
                var page = await _catalog.PageAsync(query, default);
                listed.AddRange(page.Scripts.Select(script => script.Path));
                query = page.Next is { } next ? query with { After = next } : null;
            }

            Assert.Equal(expected, listed.Order(StringComparer.Ordinal));
            Assert.Equal(expected.Length / 100, pages);
            Assert.Equal(2 * pages, await CallsAsync() - calls);
        }
    }

    [Fact]
    public async Task A_page_of_tools_among_ten_thousand_scripts_reads_the_tools_alone()
    {
        await PutAllAsync(Enumerable.Range(0, 10_000).Select(n => $"team{n % 100:00}/script{n:00000}"));
        foreach (var path in new[] { "tool", "team42/tool", "team43/a" })
        {
            await _catalog.PutAsync(Line(path, 1) with { IsTool = true }, 2, default);
        }

        var (query, calls) = (new CatalogQuery(CatalogOrder.Path, "", [], 2, null) { ToolsOnly = true }, await CallsAsync());
        Assert.Equal(["team42/tool", "team43/a", "tool"], await PathsAsync(query));
        Assert.Equal(4, await CallsAsync() - calls);
        Assert.Equal(["team43/a"], await PathsAsync(query with { Roots = ["team43", "team9"] }));
    }

    [Fact]
    public async Task A_script_is_in_the_list_of_tools_as_long_as_its_latest_event_says_so()
    {
        var query = new CatalogQuery(CatalogOrder.Path, "", [], 9, null) { ToolsOnly = true };
        await _catalog.PutAsync(Line("a", 1) with { IsTool = true }, 1, default);
        await _catalog.PutAsync(Line("b", 1) with { IsTool = true }, 1, default);
        await _catalog.PutAsync(Line("c", 1) with { IsTool = true }, 1, default);
        await _catalog.SortAsync(await _catalog.AllAsync(default), default);
        Assert.Equal(["a", "b", "c"], await PathsAsync(query));

        await _catalog.PutAsync(Line("a", 2), 3, default);
        await _catalog.PutAsync(Line("a", 1) with { IsTool = true }, 2, default); // an older event
        await _catalog.RemoveAsync("b", 2, default);
        Assert.Equal(["c"], await PathsAsync(query));
        Assert.Equal(["a", "c"], await PathsAsync(query with { ToolsOnly = false }));

        await _catalog.ClearAsync(default);
        Assert.Empty(await PathsAsync(query));
    }

    [Fact]
    public async Task A_script_that_was_deleted_is_in_no_order_and_a_new_upload_brings_it_back()
    {
        await _catalog.PutAsync(Line("a", 1), 1, default);
        await _catalog.PutAsync(Line("b", 2), 5, default);
        await _catalog.RemoveAsync("a", 2, default);
        await _catalog.RemoveAsync("b", 4, default); // an older event
        await _catalog.RemoveAsync("c", 1, default);
        await _catalog.PutAsync(Line("a", 1), 1, default); // an older event

        foreach (var order in new[] { CatalogOrder.Path, CatalogOrder.Time })
        {
            Assert.Equal(["b"], await PathsAsync(new CatalogQuery(order, "", [], 5, null)));
        }

        Assert.Equal(
            [new CatalogState("a", null, 2), State(Line("b", 2), 5), new CatalogState("c", null, 1)],
            (await _catalog.AllAsync(default)).OrderBy(line => line.Path, StringComparer.Ordinal));

        await _catalog.SortAsync(await _catalog.AllAsync(default), default);
        await _catalog.PutAsync(Line("a", 3), 3, default);
        Assert.Equal(["a", "b"], await PathsAsync(new CatalogQuery(CatalogOrder.Time, "", [], 5, null)));
    }

    [Fact]
    public async Task A_page_by_time_that_may_show_little_stays_bounded_and_goes_on()
    {
        await PutAllAsync(Enumerable.Range(0, 5000).Select(n => $"other/{n}"));
        await _catalog.PutAsync(Line("mine", 0), 1, default); // the oldest
        var first = await _catalog.PageAsync(new CatalogQuery(CatalogOrder.Time, "", ["mine"], 10, null), default);
        Assert.Empty(first.Scripts);
        Assert.NotNull(first.Next);

        Assert.Equal(["mine"], await PathsAsync(new CatalogQuery(CatalogOrder.Time, "", ["mine"], 10, null)));
    }

    [Fact]
    public async Task Lines_of_a_server_that_did_not_sort_them_are_sorted_in()
    {
        await _catalog.PutAsync(Line("new", 5), 5, default);
        foreach (var (path, versions) in new[] { ("old", 1), ("older", 2) })
        {
            var line = $"{versions} {CatalogLine.Write(Line(path, versions))}";
            await _store.Connection.CallAsync(database => database.HashSetAsync(_keys.Scripts, path, line), default);
        }

        Assert.Equal(["new"], await PathsAsync(new CatalogQuery(CatalogOrder.Path, "", [], 2, null)));
        await _catalog.SortAsync(await _catalog.AllAsync(default), default);

        Assert.Equal(["new", "old", "older"], await PathsAsync(new CatalogQuery(CatalogOrder.Path, "", [], 2, null)));
        Assert.Equal(["new", "older", "old"], await PathsAsync(new CatalogQuery(CatalogOrder.Time, "", [], 2, null)));
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
        Assert.Equal([State(Line("a", 5), 5)], await _catalog.AllAsync(default));
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

        Assert.Equal([State(Line("a", 1, language, Isolation.Shared), 7)], await _catalog.AllAsync(default));
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

    private static CatalogState State(ScriptSummary summary, long sequenceNr) => new(summary.Path, summary, sequenceNr);

    private async Task PutAllAsync(IEnumerable<string> paths)
    {
        foreach (var chunk in paths.Select((path, n) => Line(path, n)).Chunk(100))
        {
            await Task.WhenAll(chunk.Select(line => _catalog.PutAsync(line, 1, default)));
        }
    }

    private async Task<List<string>> PathsAsync(CatalogQuery query)
    {
        var paths = new List<string>();
        while (true)
        {
            var page = await _catalog.PageAsync(query, default);
            Assert.InRange(page.Scripts.Count, 0, query.Most);
            paths.AddRange(page.Scripts.Select(script => script.Path));
            if (page.Next is null)
            {
                return paths;
            }

            query = query with { After = page.Next };
        }
    }

    /// <summary>Commands that Redis has executed and that read the list.</summary>
    private async Task<long> CallsAsync()
    {
        var stats = await _store.Connection.CallServerAsync(server => server.InfoRawAsync("commandstats"), default);
        return stats!.Split('\n').Select(line => CallsOfList().Match(line)).Where(match => match.Success)
            .Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^cmdstat_(?:z\w+|hmget|hget|hgetall|hscan|scan|get|mget|eval\w*):calls=(\d+)")]
    private static partial Regex CallsOfList();

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
