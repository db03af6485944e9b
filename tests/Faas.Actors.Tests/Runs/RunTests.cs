using Faas.Actors.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Runs;

public sealed class RunTests
{
    [Fact]
    public void With_walls_of_its_own_it_shares_them_with_nobody() => Assert.Null(Of(Isolation.Sandbox).BindingKey);

    [Fact]
    public void Fresh_processes_of_the_same_text_share_walls_whosever_they_are() =>
        Assert.Equal(Of(Isolation.Process, version: 1).BindingKey, Of(Isolation.Process, path: "other", version: 2).BindingKey);

    [Fact]
    public void Another_text_or_another_language_has_other_walls()
    {
        string?[] walls = [Of(Isolation.Process).BindingKey, Of(Isolation.Process, source: "2").BindingKey, Of(
            Isolation.Process, language: Language.Python).BindingKey];

        Assert.Equal(walls.Length, walls.Distinct().Count());
    }

    [Fact]
    public void Another_handler_makes_another_program_of_the_same_text()
    {
        string?[] walls =
        [
            Of(Isolation.Process).BindingKey,
            (Of(Isolation.Process) with { Handler = "one" }).BindingKey,
            (Of(Isolation.Process) with { Handler = "other" }).BindingKey,
            (Of(Isolation.Shared) with { Handler = "one" }).BindingKey,
            Of(Isolation.Shared).BindingKey,
        ];

        Assert.Equal(walls.Length, walls.Distinct().Count());
    }

    [Fact]
    public void Other_settings_need_other_walls_of_the_same_text()
    {
        RunSettings?[] settings =
        [
            null,
            new() { Timeout = TimeSpan.FromSeconds(1) },
            new() { Timeout = TimeSpan.FromSeconds(2) },
            new() { MemoryBytes = 1 << 30 },
            new() { Cpus = 0.5 },
            new() { Pids = 16 },
            new() { Pids = 17 },
            new() { TmpBytes = 16 },
            new() { Image = "data" },
            new() { Image = "other" },
            new() { Env = Env("A", "1") },
            new() { Env = Env("A", "2") },
            new() { Env = Env("A1", "") },
            new() { Secrets = SecretNames.Of(["A"]) },
            new() { Secrets = SecretNames.Of(["A"]), SecretsInEnv = true },
            new() { Secrets = SecretNames.Of(["A", "B"]) },
            new() { Sealed = Sealed("A", "a.example") },
            new() { Sealed = Sealed("A", "a.example", "b.example") },
            new() { Sealed = Sealed("B", "a.example") },
            new() { Sealed = Sealed("A", "a.example"), SecretsInEnv = true },
            new() { Secrets = SecretNames.Of(["B"]), Sealed = Sealed("A", "a.example") },
            new() { Env = Env("A", "1"), Timeout = TimeSpan.FromSeconds(1) },
            new() { Network = EgressRules.Parse(["a.example"]) },
            new() { Network = EgressRules.Parse(["a.example:443"]) },
            new() { Network = EgressRules.Parse(["a.example", "b.example"]) },
        ];
        string?[] walls = [.. settings.SelectMany(one => (string?[])
        [
            (Of(Isolation.Process) with { Settings = one }).BindingKey,
            (Of(Isolation.Process) with { Settings = one, Handler = "one" }).BindingKey,
            (Of(Isolation.Process) with { Settings = one, Owner = "one" }).BindingKey,
            (Of(Isolation.Shared) with { Settings = one }).BindingKey,
        ])];

        Assert.Equal(walls.Length, walls.Distinct().Count());
        Assert.Equal(new RunSettings { Env = Env("A", "1") }.Key, settings[10]!.Key);
    }

    [Fact]
    public void A_binding_key_tells_no_value_of_a_variable() =>
        Assert.DoesNotContain(
            "confidential",
            (Of(Isolation.Process) with { Settings = new() { Env = Env("A", "confidential") } }).BindingKey!,
            StringComparison.Ordinal);

    [Fact]
    public void A_version_gets_no_more_than_the_operator_allows_by_now()
    {
        var most = new SettingCeilings { Timeout = TimeSpan.FromSeconds(5), MemoryBytes = 10, Cpus = 2, Pids = 20, TmpBytes = 30 };
        var more = RunSettings.Of(
            new ScriptSettings { Timeout = TimeSpan.FromSeconds(6), MemoryBytes = 11, Cpus = 2.5, Pids = 21, TmpBytes = 31 }, most);
        var less = RunSettings.Of(
            new ScriptSettings { Timeout = TimeSpan.FromSeconds(4), MemoryBytes = 9, Cpus = 0.5, Pids = 19, TmpBytes = 29 }, most);
        var none = RunSettings.Of(ScriptSettings.Default, most);

        Assert.Equal((TimeSpan.FromSeconds(5), 10L, 2.0, 20, 30L), Limits(more));
        Assert.Equal((TimeSpan.FromSeconds(4), 9L, 0.5, 19, 29L), Limits(less));
        Assert.Equal((null, null, null, null, null), Limits(none));

        static (TimeSpan?, long?, double?, int?, long?) Limits(RunSettings one) =>
            (one.Timeout, one.MemoryBytes, one.Cpus, one.Pids, one.TmpBytes);
    }

    [Fact]
    public void Another_tmp_needs_another_image_and_no_other_mother()
    {
        var (other, same) = (ImageWith(tmpBytes: 1 << 20), ImageWith(tmpBytes: 2 << 20));

        Assert.Equal("node:tmp=1048576", other.Name);

        // A record prints its properties. With one of its own type, that would never end.
        Assert.Contains("1048576", $"{other}", StringComparison.Ordinal);
        Assert.Equal((Of(Isolation.Process).Image, Of(Isolation.Process).Image), (other.ToMother(), same));

        static ImageKey ImageWith(long tmpBytes)
        {
            var settings = RunSettings.Of(new ScriptSettings { TmpBytes = tmpBytes }, new SettingCeilings(), defaultTmpBytes: 2 << 20);
            return (Of(Isolation.Process) with { Settings = settings }).Image;
        }
    }

    [Fact]
    public void Other_libraries_need_another_image_and_another_mother_and_any_tmp_has_the_same_one()
    {
        var data = ImageOf(new ScriptSettings { Image = "python-data", TmpBytes = 1 << 20 });

        Assert.Equal("python-data:tmp=1048576", data.Name);
        Assert.Equal(ImageOf(new ScriptSettings { Image = "python-data" }), data.ToMother());
        Assert.NotEqual(ImageOf(new ScriptSettings { Image = "python-more" }), data.ToMother());
        Assert.NotEqual(Of(Isolation.Process).Image, data.ToMother());
        Assert.Equal("python-data@ci", (data with { Owner = "ci" }).ToMother().Name);

        static ImageKey ImageOf(ScriptSettings settings) =>
            (Of(Isolation.Process) with { Settings = RunSettings.Of(settings, new SettingCeilings()) }).Image;
    }

    private static SealedSecrets Sealed(string name, params string[] hosts) =>
        SealedSecrets.Of([KeyValuePair.Create(name, EgressRules.Parse(hosts))])!;

    private static NamedTexts Env(string name, string value) => NamedTexts.Of([KeyValuePair.Create(name, value)])!;

    [Fact]
    public void A_process_that_stays_belongs_to_one_version_of_one_script()
    {
        string?[] walls =
        [
            Of(Isolation.Shared).BindingKey,
            Of(Isolation.Shared, version: 2).BindingKey,
            Of(Isolation.Shared, path: "other").BindingKey,
            Of(Isolation.Shared, source: "2").BindingKey,
            Of(Isolation.Process).BindingKey,
        ];

        Assert.Equal(walls.Length, walls.Distinct().Count());
        Assert.Equal(walls[0], Of(Isolation.Shared).BindingKey);
    }

    [Theory]
    [InlineData(Isolation.Sandbox)]
    [InlineData(Isolation.Process)]
    [InlineData(Isolation.Shared)]
    public void Its_name_on_the_wire_is_read_again(Isolation isolation)
    {
        Assert.True(WireNames.TryParse<Isolation>(isolation.ToWire(), out var read));
        Assert.Equal(isolation, read);
        Assert.Contains(isolation.ToWire(), WireNames.Allowed<Isolation>(), StringComparison.Ordinal);
    }

    private static Run Of(
        Isolation isolation, string path = "path", string source = "1", Language language = Language.JavaScript, long version = 1) =>
        new("call", path, ScriptCode.Of(language, source), RunMode.Execute, isolation, "{}"u8.ToArray(), Stream: false, version);
}
