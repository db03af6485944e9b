using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class CodeStoreRulesOnRedis(RedisServerStore store) : CodeStoreRules(store), IClassFixture<RedisServerStore>;

public sealed class CodeStoreRulesOnTheEmbeddedStore(EmbeddedStore store) : CodeStoreRules(store), IClassFixture<EmbeddedStore>;

public abstract class CodeStoreRules(StoreFixture store)
{
    private readonly RedisCodeStore _codes = new(store.Connection, store.Keys);

    [Theory]
    [InlineData(Language.JavaScript, "return 1")]
    [InlineData(Language.Python, "")]
    [InlineData(Language.Python, "print('größer \U0001F600 \u2028 \\u0000 \"<>&')\r\n\0")]
    [InlineData(Language.JavaScript, "return '\uD800'")]
    public async Task Code_comes_back_as_it_was_stored(Language language, string source)
    {
        var code = ScriptCode.Of(language, source);
        await _codes.PutAsync(code, "p", default);

        var found = await _codes.GetAsync(language, code.Hash, default);

        Assert.Equal(ScriptCode.HashOf(source), ScriptCode.HashOf(found!.Source));
        Assert.Equal(code with { Source = found.Source }, found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_compiled_form_comes_back_with_the_source(bool hasPause)
    {
        var compiled = new CompiledJavaScript("var a = 1;", "{\"version\":3}") { HasPause = hasPause };
        var code = Unique(Language.TypeScript) with { Compiled = compiled };
        await _codes.PutAsync(code, "p", default);

        Assert.Equal(code, await _codes.GetAsync(Language.TypeScript, code.Hash, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whether_the_compiled_form_needs_a_layer_comes_back_with_it(bool needsLayer)
    {
        var compiled = new CompiledJavaScript("js", "{}") { NeedsLayer = needsLayer };
        var code = Unique(Language.TypeScript).With("lock") with { Compiled = compiled };
        await _codes.PutAsync(code, "p", default);

        var found = await _codes.GetAsync(Language.TypeScript, code.Hash, default);
        Assert.Equal((code, needsLayer), (found, found!.NeedsLayer));
    }

    [Fact]
    public async Task A_tree_comes_back_with_its_files_and_its_compiled_form()
    {
        var tree = SourceTree.Of(
            "main.ts", [SourceFile.OfText("main.ts", $"import './l/ü'; // {Guid.NewGuid()}"), new SourceFile("l/ü.bin", new byte[] { 0, 255 })]);
        var code = ScriptCode.Of(Language.TypeScript, tree) with { Compiled = new CompiledJavaScript("var a;", "{}") };
        await _codes.PutAsync(code, "p", default);

        var found = (await _codes.GetAsync(Language.TypeScript, tree.Hash, default))!;

        Assert.Equal((code.Source, code.Hash, code.Compiled, "main.ts"), (found.Source, found.Hash, found.Compiled, found.Tree!.Entry));
        Assert.Equal([0, 255], found.Tree.Find("l/ü.bin")!.Content.ToArray());
    }

    [Fact]
    public async Task Four_megabytes_of_code_come_back()
    {
        var code = ScriptCode.Of(Language.Python, new string('x', 4 << 20));
        await _codes.PutAsync(code, "p", default);

        Assert.Equal(code, await _codes.GetAsync(Language.Python, code.Hash, default));
    }

    [Fact]
    public async Task Code_that_was_never_stored_is_null()
    {
        Assert.Null(await _codes.GetAsync(Language.Python, Unique(Language.Python).Hash, default));
    }

    [Fact]
    public async Task Each_language_has_its_own_code()
    {
        var code = Unique(Language.JavaScript);
        await _codes.PutAsync(code, "p", default);

        Assert.Null(await _codes.GetAsync(Language.TypeScript, code.Hash, default));
    }

    [Theory]
    [InlineData(Language.JavaScript)]
    [InlineData(Language.TypeScript)]
    [InlineData(Language.Python)]
    public async Task Code_is_found_by_its_hash_alone_whatever_its_language(Language language)
    {
        var code = Unique(language);
        ICodeStore codes = _codes;
        Assert.False(await codes.HasAsync(code.Hash, default));
        await codes.PutAsync(code, "p", default);
        Assert.True(await codes.HasAsync(code.Hash, default));
    }

    [Fact]
    public async Task Storing_code_again_changes_nothing()
    {
        var code = Unique(Language.TypeScript) with { Compiled = new CompiledJavaScript("first", "{}") };
        await _codes.PutAsync(code, "p", default);
        await _codes.PutAsync(code with { Compiled = new CompiledJavaScript("second", "{}") }, "p", default);

        Assert.Equal(code, await _codes.GetAsync(Language.TypeScript, code.Hash, default));
    }

    [Fact]
    public async Task Code_goes_with_the_last_reference_to_it()
    {
        var code = Unique(Language.Python);
        await _codes.PutAsync(code, "p", default);
        await _codes.PutAsync(code, "q", default);

        await ReleaseAsync(code, "p");
        Assert.NotNull(await _codes.GetAsync(code.Language, code.Hash, default));
        Assert.Null(await _codes.ReferenceAsync(NameOf(code), "p", default));
        await ReleaseAsync(code, "q");

        Assert.Null(await _codes.GetAsync(code.Language, code.Hash, default));
        Assert.Null(await _codes.ReferenceAsync(NameOf(code), "q", default));
    }

    [Fact]
    public async Task A_release_that_comes_after_another_upload_of_the_code_does_nothing()
    {
        var code = Unique(Language.Python);
        await _codes.PutAsync(code, "p", default);
        var token = await _codes.ReferenceAsync(NameOf(code), "p", default);
        await _codes.PutAsync(code, "p", default);

        await _codes.ReleaseAsync(NameOf(code), "p", token!, default);

        Assert.NotNull(await _codes.GetAsync(code.Language, code.Hash, default));
        Assert.NotEqual(token, await _codes.ReferenceAsync(NameOf(code), "p", default));
    }

    [Fact]
    public async Task A_script_refers_to_code_that_is_stored_as_if_it_had_stored_it()
    {
        var code = Unique(Language.Python);
        Assert.False(await _codes.ReferAsync(NameOf(code), "q", default));
        Assert.Null(await _codes.ReferenceAsync(NameOf(code), "q", default));
        await _codes.PutAsync(code, "p", default);
        var token = await _codes.ReferenceAsync(NameOf(code), "p", default);

        Assert.True(await _codes.ReferAsync(NameOf(code), "q", default));
        Assert.True(await _codes.ReferAsync(NameOf(code), "p", default));
        await _codes.ReleaseAsync(NameOf(code), "p", token!, default); // too late
        await ReleaseAsync(code, "q");

        Assert.NotNull(await _codes.GetAsync(code.Language, code.Hash, default));
        await ReleaseAsync(code, "p");
        Assert.Null(await _codes.GetAsync(code.Language, code.Hash, default));
    }

    [Fact]
    public async Task Code_whose_references_an_earlier_server_did_not_keep_is_never_deleted()
    {
        var code = Unique(Language.Python);
        var key = store.Keys.Code(code.Language, code.Hash);
        await store.Connection.CallAsync(database => database.StringSetAsync(key, $"{{\"source\":\"{code.Source}\"}}"), default);
        Assert.Null(await _codes.ReferenceAsync(NameOf(code), "p", default));
        await _codes.PutAsync(code, "p", default);

        await ReleaseAsync(code, "p");

        Assert.Equal(code, await _codes.GetAsync(code.Language, code.Hash, default));
    }

    [Fact]
    public async Task Uploads_and_releases_of_one_code_by_many_scripts_at_once_lose_no_code_that_one_refers_to()
    {
        var code = Unique(Language.Python);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async script =>
        {
            for (var i = 0; i < 25; i++)
            {
                await _codes.PutAsync(code, $"p{script}", default);
                Assert.NotNull(await _codes.GetAsync(code.Language, code.Hash, default));
                if (script > 0 || i < 24)
                {
                    await ReleaseAsync(code, $"p{script}");
                }
            }
        }));

        Assert.NotNull(await _codes.GetAsync(code.Language, code.Hash, default));
        await ReleaseAsync(code, "p0");
        Assert.Null(await _codes.GetAsync(code.Language, code.Hash, default));
    }

    [Theory]
    [InlineData("{\"source\":\"something else\"}")]
    [InlineData("{\"javaScript\":\"no source\"}")]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_value_that_is_not_the_code_of_its_hash_is_an_error_that_names_the_key(string value)
    {
        var hash = Unique(Language.Python).Hash;
        var key = store.Keys.Code(Language.Python, hash);
        await store.Connection.CallAsync(database => database.StringSetAsync(key, value), default);

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => _codes.GetAsync(Language.Python, hash, default));

        Assert.Contains($"test:code:python:{hash}", failure.Message, StringComparison.Ordinal);
    }

    private async Task ReleaseAsync(ScriptCode code, string path) => await _codes.ReleaseAsync(
        NameOf(code), path, (await _codes.ReferenceAsync(NameOf(code), path, default))!, default);

    private static CodeName NameOf(ScriptCode code) => new(code.Language, code.Hash);

    private static ScriptCode Unique(Language language) => ScriptCode.Of(language, $"// {Guid.NewGuid()}");
}
