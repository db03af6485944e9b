using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Faas.Actors.Hosts;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;
using Faas.Actors.Serialization;
using Xunit;

namespace Faas.Actors.Tests.Serialization;

public sealed class FaasSerializerTests : TestKit
{
    private static readonly ScriptVersion s_version = new(
        1_739_000_000,
        Language.TypeScript,
        ScriptCode.HashOf("x"),
        262_144,
        new DateTimeOffset(2025, 2, 8, 7, 33, 20, 123, TimeSpan.Zero),
        new ScriptSettings(Isolation.Shared));

    private static readonly VersionUploaded s_event = new("math/ädd", s_version);

    private static readonly ScriptSnapshot s_snapshot = new(
        "math/ädd",
        [
            s_version,
            s_version with { Number = s_version.Number + 1, Language = Language.Python, CodeBytes = 0, Settings = ScriptSettings.Default },
        ],
        ScriptTraits.None);

    private static readonly AliasTarget s_split = new(1, 90, 2, "X-User");

    private static readonly StoredKey s_key = new("ci", ["write"], "ab", ["math"], s_version.At, Rate: new KeyRate(0.5, 2));

    private static readonly StoredSecret s_secret = new("TOKEN", "0123456789abcdef", "c2VhbA==", ["math"], s_version.At, s_version.At);

    // A byte for the length, and {"highest":0,"enabled":true,"aliases":{},"revision":0}.
    private const int TraitsBytes = 1 + 54;

    private const string Hex = "hex:";

    private readonly FaasSerializer _serializer;

    public FaasSerializerTests() => _serializer = new FaasSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<object> Messages() => new(
        new KeyCreated(new StoredKey("ci", ["write"], "ab", ["math"], s_version.At, s_version.At.AddDays(1), new KeyRate(0.5, 2))),
        new KeyCreated(new StoredKey("ci", ["admin"], "ab", [], s_version.At)),
        new KeyCreated(new StoredKey("ci", ["write"], "ab", [], s_version.At, Network: EgressRules.Parse(["*.example.org", "a.test:443"]))),
        new KeyRevoked("ci", s_version.At),
        new SecretWritten(new StoredSecret("TOKEN", "0123456789abcdef", "c2VhbA==", ["math"], s_version.At, s_version.At.AddDays(1))),
        new SecretDeleted("TOKEN", s_version.At),
        s_event,
        s_snapshot,
        PublishVersion.Of(
            "p",
            ScriptCode.Of(Language.TypeScript, "enum E {}"),
            s_version.At,
            ScriptSettings.Default),
        new CodeMissing("p"),
        PublishVersion.Of("p", ScriptCode.Of(Language.Python, ""), s_version.At, new ScriptSettings(Isolation.Sandbox)),
        PublishVersion.Of(
            "p",
            ScriptCode.Of(
                Language.Python,
                SourceTree.Of("a.py", [SourceFile.OfText("a.py", "ü"), new SourceFile("lib/b", new byte[] { 0, 255 })])),
            s_version.At,
            ScriptSettings.Default),
        new VersionPublished("p", Language.JavaScript, long.MaxValue, IsUnchanged: true),
        new GetVersion("p", null),
        new GetVersion("p", 5),
        new VersionFound("p", s_version, Enabled: false),
        new VersionNotFound("p", null),
        new DescribeScript("p"),
        new VersionsDeleted("p", [1, 2], s_version.At),
        new ScriptDeleted("p", s_version.At),
        new ScriptEnabled("p", Enabled: false, s_version.At),
        new AliasMoved("p", "stable", s_split, 3, s_version.At),
        new AliasMoved("p", "stable", Target: null, 3, s_version.At),
        new DeleteScript("p", s_version.At),
        new DeleteVersion("p", 1, s_version.At),
        new ConfigureScript("p", Enabled: true, new RetentionChange(new Retention(3, 4)), s_version.At),
        new ConfigureScript("p", Enabled: null, Retention: null, s_version.At),
        new RetentionChanged("p", new Retention(3, null), s_version.At),
        new VersionsImported("p", [s_version], s_version.At),
        new TraitsImported("p", ScriptTraits.None, s_version.At),
        new ImportScript("p", [s_version], ScriptTraits.None, s_version.At, DryRun: true),
        new ScriptImported("p", 1, IsChanged: true),
        new GetScript("p"),
        new ReleaseCode("p", [s_version]),
        new ScriptChanged("p"),
        new ScriptConflict("p", "why"),
        new GetAlias("p", "stable"),
        new MoveAlias("p", "stable", s_split, RevisionCondition.None, s_version.At),
        new RollBackAlias("p", "stable", RevisionCondition.None, s_version.At),
        new DeleteAlias("p", "stable", RevisionCondition.None, s_version.At),
        new AliasFound("p", "stable", new ScriptAlias(s_split, new AliasTarget(1), 3), IsNew: true),
        new AliasNotFound("p", "stable", ["canary"]),
        new AliasStale("p", "stable", Alias: null),
        new ScriptDescribed(
            "p", new ScriptDescription(s_version, 2, s_version.At, Enabled: true, new Dictionary<string, ScriptAlias>())),
        new GetVersions("p", 5, 10),
        new VersionsFound("p", [s_version], HasMore: true),
        new StoreUnavailable("", "why"),
        ListScripts.Instance,
        new ScriptList([new ScriptSummary("a", s_version, 3)]),
        new RefreshCatalog("p"),
        new CatalogRefreshed("p"),
        RebuildCatalog.Instance,
        new CatalogRebuilt(3),
        new CancelRun("c"),
        new DrainPool(TimeSpan.FromSeconds(1.5)),
        PoolDrained.Instance,
        GetPoolStatus.Instance,
        new PoolStatus(1, 2, 3, 4, 5, "node: why", 6),
        new Faas.Actors.Sandboxes.StopRun("c"),
        Faas.Actors.Sandboxes.CloseSandbox.Instance,
        new BorrowScript("p", 5),
        new ScriptLent("p", 7, TimeSpan.FromSeconds(2), 5, [s_version], ScriptTraits.None),
        new ScriptLent("p", 7, TimeSpan.Zero, 5, null, null),
        new Recall("p", 3),
        new Returned("/keys", 7),
        GetKeys.Instance,
        KeysKnown.Instance,
        new CreateKey(s_key),
        KeyStored.Instance,
        new KeyNotCreated("why"),
        new RevokeKey("ci", s_version.At),
        KeyEnded.Instance,
        KeyUnknown.Instance,
        new KeyStoreFailed("why"),
        new BorrowKeys(null, 5),
        new BorrowKeys(7, 5),
        new KeysLent(7, TimeSpan.FromSeconds(2), 5, [s_key]),
        new KeysLent(7, TimeSpan.Zero, 0, null),
        GetSecrets.Instance,
        SecretsKnown.Instance,
        new WriteSecret(s_secret, 9),
        new ResealSecret(s_secret, "0123456789abcdef", "c2VhbA=="),
        new SecretStored(s_secret, IsNew: true),
        new SecretNotStored("why"),
        new DeleteSecret("TOKEN", s_version.At),
        SecretEnded.Instance,
        SecretUnknown.Instance,
        new SecretStoreFailed("why"),
        new BorrowSecrets(7, 5),
        new SecretsLent(7, TimeSpan.FromSeconds(2), 5, [s_secret]));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_comes_back_as_it_went(object message)
    {
        var back = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));

        AssertSame(message, back);
    }

    // Each line is a manifest and the bytes of a message: text as it is, other bytes as "hex:" and digits. A line is added for a new form,
    // and removed when no node that writes the form may be in a cluster with this version (docs/cluster.md). It is never changed.
    private static string[] Golden => File.ReadAllLines(Repository.File("tests/Faas.Actors.Tests/Serialization/messages.golden"));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_has_the_bytes_by_which_nodes_of_other_versions_know_it(object message) =>
        Assert.Contains(GoldenLineOf(message), Golden);

    [Fact]
    public void The_bytes_of_nodes_of_other_versions_are_read()
    {
        Assert.All(Golden, line =>
        {
            var parts = line.Split(' ', 2);
            var (manifest, text) = (parts[0], parts[1]);
            var bytes = text.StartsWith(Hex, StringComparison.Ordinal)
                ? Convert.FromHexString(text[Hex.Length..])
                : Encoding.UTF8.GetBytes(text);
            var message = _serializer.FromBinary(bytes, manifest);
            Assert.True(_serializer.Manifest(message) != manifest || GoldenLineOf(message) == line, line);
        });
    }

    [Fact]
    public void Every_message_of_the_protocols_is_serialized_or_marked_as_local()
    {
        var messages = typeof(FaasSerializer).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: false, IsClass: true })
            .Where(type => type.Namespace is "Faas.Actors.Scripts" or "Faas.Actors.Pool" or "Faas.Actors.Sandboxes")
            .Where(type => IsIn(type, "Protocol.cs") || type.IsAssignableTo(typeof(IWithScriptPath)));

        var covered = ((IEnumerable<object[]>)Messages()).Select(row => row[0].GetType()).ToHashSet();
        Assert.Equal(FaasSerializer.Types.Select(type => type.Name).Order(), covered.Select(type => type.Name).Order());
        var parts = FaasSerializer.Types.SelectMany(PartsOf).ToHashSet();
        Assert.All(
            messages.Where(type => !parts.Contains(type) && !type.IsAssignableTo(typeof(INoSerializationVerificationNeeded))),
            type => Assert.Contains(type, FaasSerializer.Types));
    }

    [Theory]
    [InlineData("vu1", "")]
    [InlineData("vu2", ",\"isolation\":\"shared\"")]
    [InlineData("vu3", ",\"settings\":{\"isolation\":\"shared\"}")]
    public void The_stored_event_has_the_bytes_it_always_had(string manifest, string settings)
    {
        var golden = $$$"""{"path":"math/\u00E4dd","version":{"number":1739000000,"language":"typescript","codeHash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","codeBytes":262144,"at":"2025-02-08T07:33:20.123+00:00"{{{settings}}}}}""";
        var uploaded = settings.Length == 0 ? s_event with { Version = s_version with { Settings = ScriptSettings.Default } } : s_event;

        Assert.Equal(uploaded, _serializer.FromBinary(Encoding.UTF8.GetBytes(golden), manifest));
        if (manifest == _serializer.Manifest(uploaded))
        {
            Assert.Equal(golden, Encoding.UTF8.GetString(_serializer.ToBinary(uploaded)));
        }
    }

    public static TheoryData<IScriptEvent, string, string> StoredChanges => new()
    {
        { new VersionsDeleted("math/ädd", [1, 2], s_version.At), "vd1", """{"path":"math/\u00E4dd","numbers":[1,2],"at":"2025-02-08T07:33:20.123+00:00"}""" },
        { new ScriptDeleted("p", s_version.At), "sx1", """{"path":"p","at":"2025-02-08T07:33:20.123+00:00"}""" },
        { new ScriptEnabled("p", false, s_version.At), "se1", """{"path":"p","enabled":false,"at":"2025-02-08T07:33:20.123+00:00"}""" },
        {
            new RetentionChanged("p", new Retention(3), s_version.At),
            "rk1",
            """{"path":"p","keep":{"newest":3,"days":null},"at":"2025-02-08T07:33:20.123+00:00"}"""
        },
        { new RetentionChanged("p", null, s_version.At), "rk1", """{"path":"p","keep":null,"at":"2025-02-08T07:33:20.123+00:00"}""" },
        {
            new AliasMoved("p", "stable", s_split, 3, s_version.At),
            "am1",
            """{"path":"p","name":"stable","target":{"version":1,"weight":90,"other":2,"sticky":"X-User"},"revision":3,"at":"2025-02-08T07:33:20.123+00:00"}"""
        },
        {
            new AliasMoved("p", "stable", null, 4, s_version.At),
            "am1",
            """{"path":"p","name":"stable","target":null,"revision":4,"at":"2025-02-08T07:33:20.123+00:00"}"""
        },
        {
            new VersionsImported("p", [s_version], s_version.At),
            "vi1",
            """{"path":"p","versions":[{"number":1739000000,"language":"typescript","codeHash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","codeBytes":262144,"at":"2025-02-08T07:33:20.123+00:00","settings":{"isolation":"shared"}}],"at":"2025-02-08T07:33:20.123+00:00"}"""
        },
        {
            new TraitsImported("p", ScriptTraits.None with { Highest = 7, Keep = new Retention(3) }, s_version.At),
            "ti1",
            """{"path":"p","traits":{"highest":7,"enabled":true,"aliases":{},"revision":0,"keep":{"newest":3,"days":null}},"at":"2025-02-08T07:33:20.123+00:00"}"""
        },
    };

    [Theory]
    [MemberData(nameof(StoredChanges))]
    public void A_stored_change_has_the_bytes_it_always_had(IScriptEvent change, string manifest, string golden)
    {
        Assert.Equal((manifest, golden), (_serializer.Manifest(change), Encoding.UTF8.GetString(_serializer.ToBinary(change))));
        AssertSame(change, _serializer.FromBinary(Encoding.UTF8.GetBytes(golden), manifest));
    }

    [Fact]
    public void A_stored_secret_has_the_bytes_it_always_had()
    {
        var written = new SecretWritten(new StoredSecret("TOKEN", "0123456789abcdef", "c2VhbA==", ["math"], s_version.At, s_version.At));
        var deleted = new SecretDeleted("TOKEN", s_version.At);

        Assert.Equal(
            ("sw1", """{"secret":{"name":"TOKEN","keyId":"0123456789abcdef","sealed":"c2VhbA==","paths":["math"],"createdAt":"2025-02-08T07:33:20.123+00:00","updatedAt":"2025-02-08T07:33:20.123+00:00"}}"""),
            (_serializer.Manifest(written), Encoding.UTF8.GetString(_serializer.ToBinary(written))));
        Assert.Equal(
            ("sz1", """{"name":"TOKEN","at":"2025-02-08T07:33:20.123+00:00"}"""),
            (_serializer.Manifest(deleted), Encoding.UTF8.GetString(_serializer.ToBinary(deleted))));
    }

    [Fact]
    public void The_secrets_of_a_version_have_the_bytes_they_always_had()
    {
        var settings = new ScriptSettings { Secrets = SecretNames.Of(["B", "A", "B"]), SecretsInEnv = true };
        var uploaded = new VersionUploaded("p", s_version with { Settings = settings });

        var bytes = _serializer.ToBinary(uploaded);

        Assert.EndsWith(
            ",\"settings\":{\"secrets\":[\"A\",\"B\"],\"secretsInEnv\":true}}}", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, "vu3"));
    }

    [Fact]
    public void The_sealed_secrets_of_a_version_have_the_bytes_they_always_had()
    {
        var settings = new ScriptSettings
        {
            Sealed = SealedSecrets.Of([new("B", EgressRules.Parse(["b.example:80", "a.example:80"])), new("A", EgressRules.Parse(["a.example:80"]))]),
        };
        var uploaded = new VersionUploaded("p", s_version with { Settings = settings });

        var bytes = _serializer.ToBinary(uploaded);

        Assert.EndsWith(
            ",\"settings\":{\"sealed\":{\"A\":[\"a.example:80\"],\"B\":[\"a.example:80\",\"b.example:80\"]}}}}",
            Encoding.UTF8.GetString(bytes),
            StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, "vu3"));
    }

    [Fact]
    public void Sealed_secrets_that_name_one_twice_are_not_read()
    {
        var refused = Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<SealedSecrets>("""{"A":["a.test"],"A":["b.test"]}"""));
        Assert.StartsWith("The secret \"A\" is named twice.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hosts_of_a_version_have_the_bytes_they_always_had()
    {
        var settings = new ScriptSettings { Network = new NetworkSetting(EgressRules.Parse(["b.example:443", "*.A.example"])) };
        var uploaded = new VersionUploaded("p", s_version with { Settings = settings });

        var bytes = _serializer.ToBinary(uploaded);

        Assert.EndsWith(
            ",\"settings\":{\"network\":{\"allow\":[\"*.a.example\",\"b.example:443\"]}}}}",
            Encoding.UTF8.GetString(bytes),
            StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, "vu3"));
    }

    [Fact]
    public void A_key_that_was_stored_before_keys_had_hosts_has_no_limit_of_them()
    {
        const string stored = """{"key":{"name":"ci","scopes":["write"],"secretHash":"ab","paths":[],"at":"2025-02-08T07:33:20.123+00:00","expiresAt":null,"rate":null}}""";
        var key = ((KeyCreated)_serializer.FromBinary(Encoding.UTF8.GetBytes(stored), "kc1")).Key;
        Assert.Equal(("ci", null), (key.Name, key.Network));
        Assert.Equal("kc2", _serializer.Manifest(new KeyCreated(key)));
    }

    [Fact]
    public void The_traits_at_a_snapshots_end_have_the_bytes_they_always_had()
    {
        const string golden = """{"highest":7,"enabled":false,"aliases":{"stable":{"target":{"version":1,"weight":90,"other":2,"sticky":"X-User"},"before":{"version":1,"weight":100,"other":null,"sticky":null},"revision":3}},"revision":3,"keep":{"newest":null,"days":30}}""";
        var traits = new ScriptTraits(
            7,
            Enabled: false,
            ImmutableDictionary<string, ScriptAlias>.Empty.Add("stable", new ScriptAlias(s_split, new AliasTarget(1), 3)),
            3,
            new Retention(Days: 30));
        var bytes = _serializer.ToBinary(s_snapshot with { Traits = traits });
        Assert.Equal(golden, Encoding.UTF8.GetString(bytes[^golden.Length..]));

        var back = (ScriptSnapshot)_serializer.FromBinary(bytes, "ss4");

        Assert.Equal(traits.Aliases, back.Traits!.Aliases);
        Assert.Equal(traits with { Aliases = back.Traits.Aliases }, back.Traits);
        Assert.Throws<InvalidDataException>(() => _serializer.FromBinary(bytes[..^1], "ss4"));
    }

    [Theory]
    [InlineData("ss1", "", "", "")]
    [InlineData("ss2", "68", "2D", "")]
    [InlineData("ss3", "16" + "7B2269736F6C6174696F6E223A22736861726564227D", "02" + "7B7D", "")]
    [InlineData(
        "ss4",
        "16" + "7B2269736F6C6174696F6E223A22736861726564227D",
        "02" + "7B7D",
        "36" + "7B2268696768657374223A302C22656E61626C6564223A747275652C22616C6961736573223A7B7D2C227265766973696F6E223A307D")]
    public void The_stored_snapshot_has_the_bytes_it_always_had(string manifest, string first, string second, string third)
    {
        var golden = "096D6174682FC3A46464"
            + "02"
            + "C0919CBD06" + "74" + "2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881" + "808010" + "B0246DDC1248DD08" + first
            + "01" + "70" + "2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881" + "00" + "B0246DDC1248DD08" + second + third;
        var snapshot = first.Length == 0
            ? s_snapshot with { Versions = [.. s_snapshot.Versions.Select(version => version with { Settings = ScriptSettings.Default })] }
            : s_snapshot;
        snapshot = snapshot with { Traits = third.Length == 0 ? null : ScriptTraits.None };

        AssertSame(snapshot, _serializer.FromBinary(Convert.FromHexString(golden), manifest));
        if (manifest == _serializer.Manifest(snapshot))
        {
            Assert.Equal(golden, Convert.ToHexString(_serializer.ToBinary(snapshot)));
        }
    }

    [Fact]
    public void What_is_written_is_the_newest_form() =>
        Assert.Equal(("vu3", "ss4"), (_serializer.Manifest(s_event), _serializer.Manifest(s_snapshot)));

    [Fact]
    public void A_snapshot_of_ten_thousand_versions_takes_about_half_a_megabyte()
    {
        var versions = Enumerable.Range(0, 10_000).Select(i => s_version with { Number = s_version.Number + (i * 7) }).ToList();

        Assert.InRange(_serializer.ToBinary(new ScriptSnapshot("p", versions)).Length, 1, 600_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0161FFFFFFFF0F")]
    [InlineData("01610101780000")]
    public void Bytes_that_are_no_snapshot_are_a_clear_error(string hex) =>
        Assert.Throws<InvalidDataException>(() => _serializer.FromBinary(Convert.FromHexString(hex), "ss1"));

    [Theory]
    [InlineData("")]
    [InlineData("027B")]
    [InlineData("017B")]
    [InlineData("046E756C6C")]
    [InlineData("FFFFFFFF07")]
    [InlineData("FFFFFFFF0F")]
    public void Settings_that_are_no_settings_are_a_clear_error(string hex)
    {
        byte[] start = [.. _serializer.ToBinary(
            s_snapshot with { Versions = [s_version with { Settings = ScriptSettings.Default }] })[..^(TraitsBytes + 1)]];

        Assert.Throws<InvalidDataException>(() => _serializer.FromBinary([.. start, .. Convert.FromHexString(hex)], "ss3"));
    }

    [Fact]
    public void Versions_whose_settings_do_not_change_share_them_in_a_snapshot()
    {
        ScriptSettings[] settings =
            [ScriptSettings.Default, new(Isolation.Shared), new(Isolation.Shared), ScriptSettings.Default, new(Isolation.Process)];
        var snapshot = new ScriptSnapshot("p", [.. settings.Select((one, i) => s_version with { Number = i + 1, Settings = one })]);

        var bytes = _serializer.ToBinary(snapshot);
        var back = (ScriptSnapshot)_serializer.FromBinary(bytes, "ss4");

        Assert.Equal(settings, back.Versions.Select(version => version.Settings));
        Assert.Equal(3 + (5 * 46) + 22 + 2 + 23 + TraitsBytes, bytes.Length);
    }

    [Fact]
    public void A_concurrency_is_stored_beside_the_isolation()
    {
        var settings = new ScriptSettings(Isolation.Shared, Concurrency: 8);
        var snapshot = new ScriptSnapshot("p", [s_version with { Settings = settings }]);

        var bytes = _serializer.ToBinary(snapshot);

        Assert.Equal("{\"isolation\":\"shared\",\"concurrency\":8}", Encoding.UTF8.GetString(bytes[^(38 + TraitsBytes)..^TraitsBytes]));
        Assert.Equal(settings, Assert.Single(((ScriptSnapshot)_serializer.FromBinary(bytes, "ss4")).Versions).Settings);
    }

    [Fact]
    public void The_image_of_a_version_is_stored_and_read_again()
    {
        var settings = new ScriptSettings { TmpBytes = 64 << 10, Image = "python-data", MinWarm = 2 };
        var version = new ScriptVersion(1, Language.Python, ScriptCode.HashOf("1"), 1, DateTimeOffset.UnixEpoch, settings);
        var uploaded = new VersionUploaded("a", version);
        var bytes = _serializer.ToBinary(uploaded);

        const string stored = """{"tmpSize":65536,"image":"python-data","minWarm":2}""";
        Assert.Contains(stored, Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, _serializer.Manifest(uploaded)));
    }

    [Fact]
    public void The_policy_by_which_runs_are_started_again_is_stored_and_read_again()
    {
        var retry = new RetryPolicy(3) { On = RetryReasons.Of([RetryReason.Oom, RetryReason.Timeout]), MaxDelay = TimeSpan.FromMinutes(1) };
        var settings = new ScriptSettings { Timeout = TimeSpan.FromSeconds(1), Retry = retry };
        var version = new ScriptVersion(1, Language.Python, ScriptCode.HashOf("1"), 1, DateTimeOffset.UnixEpoch, settings);
        var uploaded = new VersionUploaded("a", version);
        var bytes = _serializer.ToBinary(uploaded);

        const string stored = """{"timeout":1,"retry":{"attempts":3,"on":["oom","timeout"],"maxDelay":60}}""";
        Assert.Contains(stored, Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, _serializer.Manifest(uploaded)));
    }

    [Fact]
    public void What_a_version_says_about_records_of_its_runs_is_stored_and_read_again()
    {
        var settings = new ScriptSettings { Keep = true, Retention = new RunRetention(100, TimeSpan.FromDays(7)) };
        var uploaded = new VersionUploaded(
            "a", new ScriptVersion(1, Language.Python, ScriptCode.HashOf("1"), 1, DateTimeOffset.UnixEpoch, settings));
        var bytes = _serializer.ToBinary(uploaded);

        const string stored = """{"keep":true,"retention":{"count":100,"age":604800}}""";
        Assert.Contains(stored, Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(uploaded, _serializer.FromBinary(bytes, _serializer.Manifest(uploaded)));
    }

    [Fact]
    public void All_settings_have_the_bytes_they_always_had_in_events_and_snapshots()
    {
        const string golden =
            "{\"isolation\":\"shared\",\"handler\":\"handle\",\"concurrency\":8,\"timeout\":2.5,\"memory\":268435456,"
            + "\"cpus\":0.5,\"pids\":32,\"tmpSize\":65536,\"env\":{\"A\":\"1\",\"B\":\"\"},"
            + "\"minWarm\":2,\"description\":\"Adds.\",\"labels\":{\"team/x\":\"a\"},"
            + "\"tool\":true,\"inputSchema\":{\"type\":\"object\",\"title\":\"ä\"}}";
        var settings = new ScriptSettings(Isolation.Shared, "handle", 8)
        {
            Timeout = TimeSpan.FromSeconds(2.5),
            MemoryBytes = 256 << 20,
            Cpus = 0.5,
            Pids = 32,
            TmpBytes = 64 << 10,
            MinWarm = 2,
            Env = NamedTexts.Of([KeyValuePair.Create("B", ""), KeyValuePair.Create("A", "1")]),
            Description = "Adds.",
            Labels = NamedTexts.Of([KeyValuePair.Create("team/x", "a")]),
            Tool = true,
            InputSchema = JsonSchema.Of("{\"type\":\"object\",\"title\":\"ä\"}", out _),
        };
        var uploaded = new VersionUploaded("p", s_version with { Settings = settings });
        var snapshot = new ScriptSnapshot("p", [uploaded.Version, uploaded.Version with { Number = s_version.Number + 1 }]);

        var (ofEvent, ofSnapshot) = (_serializer.ToBinary(uploaded), _serializer.ToBinary(snapshot));

        Assert.EndsWith($",\"settings\":{golden}}}}}", Encoding.UTF8.GetString(ofEvent), StringComparison.Ordinal);
        // The second version has the settings of the first.
        Assert.Equal(2, Encoding.UTF8.GetString(ofSnapshot).Split(golden).Length);
        Assert.Equal(uploaded, _serializer.FromBinary(ofEvent, "vu3"));
        Assert.Equal(snapshot.Versions, ((ScriptSnapshot)_serializer.FromBinary(ofSnapshot, "ss4")).Versions);
    }

    [Theory]
    [InlineData("{\"timeout\":\"2s\"}")]
    [InlineData("{\"env\":{}}")]
    [InlineData("{\"env\":{\"A\":1}}")]
    [InlineData("{\"env\":[]}")]
    [InlineData("{\"secrets\":[]}")]
    [InlineData("{\"secrets\":[1]}")]
    [InlineData("{\"secrets\":{\"A\":\"env\"}}")]
    [InlineData("{\"isolation\":\"shared\",\"colour\":1}")]
    [InlineData("{\"inputSchema\":\"{}\"}")]
    [InlineData("{\"isolation\":\"Shared\"}")]
    [InlineData("{\"isolation\":2}")]
    public void A_setting_that_this_server_does_not_know_is_refused_and_not_left_out(string settings)
    {
        var stored = $$$"""{"path":"p","version":{"number":1,"language":"python","codeHash":"","codeBytes":0,"at":"2025-02-08T07:33:20+00:00","settings":{{{settings}}}}}""";

        Assert.Throws<JsonException>(() => _serializer.FromBinary(Encoding.UTF8.GetBytes(stored), "vu3"));
    }

    [Fact]
    public void An_unknown_manifest_and_a_foreign_message_are_clear_errors()
    {
        Assert.Contains(
            "\"xx9\"", Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "xx9")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _serializer.Manifest("text"));
    }

    private string GoldenLineOf(object message)
    {
        var bytes = _serializer.ToBinary(message);
        var text = message is ScriptSnapshot ? $"{Hex}{Convert.ToHexString(bytes)}" : Encoding.UTF8.GetString(bytes);
        return $"{_serializer.Manifest(message)} {text}";
    }

    private static void AssertSame(object expected, object actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(JsonSerializer.Serialize(expected, expected.GetType()), JsonSerializer.Serialize(actual, actual.GetType()));
        var properties = expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.Where(property => !HasMany(property.PropertyType)
            && !property.PropertyType.GetProperties().Any(part => HasMany(part.PropertyType))))
        {
            Assert.Equal(property.GetValue(expected), property.GetValue(actual));
        }
    }

    // Collections are not equal to their copies; their JSON is.
    private static bool HasMany(Type type) => type.IsAssignableTo(typeof(IEnumerable)) && type != typeof(string);

    private static IEnumerable<Type> PartsOf(Type message) =>
        message.GetProperties().SelectMany(property => property.PropertyType.GenericTypeArguments.Append(property.PropertyType));

    /// <summary>
    /// The messages of a protocol are the records in its file in the checkout; an assembly does not say which file a type is from.
    /// </summary>
    private static bool IsIn(Type type, string file)
    {
        var folder = Path.Combine(Repository.File("src/Faas.Actors"), type.Namespace!["Faas.Actors.".Length..]);
        return Directory.EnumerateFiles(folder, $"*{file}")
            .Any(path => File.ReadAllText(path).Contains($"record {type.Name}", StringComparison.Ordinal));
    }
}
