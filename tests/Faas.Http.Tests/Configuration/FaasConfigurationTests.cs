using System.Net;
using Faas.Actors.Configuration;
using Faas.Http.Configuration;
using Faas.Http.Configuration.Hocon;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Configuration;

public sealed class FaasConfigurationTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-settings-");
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_file_has_the_defaults_of_the_contract()
    {
        var options = Load();
        Assert.Equal((IPAddress.Loopback, 8080), (options.Http.Address, options.Http.Port));
        Assert.Equal((6 << 20, 262_144), (options.Http.MaxRequestBytes, options.Http.CodeMaxBytes));
        Assert.Equal(
            (128 << 20, 1.0, TimeSpan.FromSeconds(30)), (options.Sandbox.MemoryBytes, options.Sandbox.Cpus, options.Sandbox.Timeout));
        Assert.Null(options.Store.Redis);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Store.Timeout);
    }

    [Fact]
    public void Every_variable_of_the_contract_changes_what_it_says()
    {
        Set(
            ("FAAS_API_KEYS", "ci:invoke:0123456789abcdef"),
            ("HTTP_PORT", "9090"),
            ("HTTP_HOST", "0.0.0.0"),
            ("MAX_CPUS", "0.5"),
            ("MAX_MEMORY", "256M"),
            ("CODE_MAX_SIZE", "1000"),
            ("TIMEOUT_SCRIPT", "2"));
        Set(
            ("REDIS_HOST", "redis.example"),
            ("REDIS_PORT", "6380"),
            ("REDIS_PASSWORD", "p\"w\\#d"),
            ("REDIS_DB", "3"),
            ("REDIS_TIMEOUT_SECONDS", "7"));
        var options = Load();
        Assert.Equal("ci", Assert.Single(options.Http.Access.Keys.Keys).Name);
        Assert.Equal((IPAddress.Any, 9090, 1000), (options.Http.Address, options.Http.Port, options.Http.CodeMaxBytes));
        Assert.Equal(
            (256 << 20, 0.5, TimeSpan.FromSeconds(2)), (options.Sandbox.MemoryBytes, options.Sandbox.Cpus, options.Sandbox.Timeout));
        Assert.Equal(
            ("redis.example", 6380, "p\"w\\#d", 3),
            (options.Store.Redis!.Host, options.Store.Redis.Port, options.Store.Redis.Password, options.Store.Redis.Database));
        Assert.Equal(TimeSpan.FromSeconds(7), options.Store.Timeout);
    }

    [Fact]
    public void A_dotenv_file_counts_and_the_real_environment_wins()
    {
        File.WriteAllText(
            Path.Combine(_folder, ".env"), "# mine\nHTTP_PORT=9001\nexport TIMEOUT_SCRIPT=\"5\" # seconds\nREDIS_HOST=r\nREDIS_PASSWORD='a#b'\n");
        Set(("HTTP_PORT", "9002"));
        var options = Load();
        Assert.Equal((9002, TimeSpan.FromSeconds(5)), (options.Http.Port, options.Sandbox.Timeout));
    }

    [Fact]
    public void An_override_file_wins_over_the_shipped_one_and_knows_variables_too()
    {
        Set(("MY_QUEUE", "7"), ("HTTP_PORT", "9003"));
        Override("faas.pool.running = 3\nfaas {\n  pool {\n    queue = 5\n    queue = ${?MY_QUEUE}\n    queue-timeout = ${?NOT_SET}\n  }\n}\nakka.loglevel = INFO");
        var options = Load();
        Assert.Equal((3, 7, TimeSpan.FromSeconds(30)), (options.Pool.Running, options.Pool.Queue, options.Pool.QueueTimeout));
        Assert.Equal((9003, "INFO"), (options.Http.Port, options.Hocon.GetString("akka.loglevel")));
    }

    [Theory]
    [InlineData("faas.pool.runing = 3", 1, "\"faas.pool.runing\": no such setting; did you mean \"faas.pool.running\"?")]
    [InlineData("faas.Pool.Running = 3", 1, "\"faas.Pool.Running\": no such setting; did you mean \"faas.pool\"?")]
    [InlineData("\n\nfaas { pools { queue = 3 } }", 3, "\"faas.pools\": no such section; did you mean \"faas.pool\"?")]
    [InlineData("faas.pools.queue = 3", 1, "\"faas.pools.queue\": no such setting; did you mean \"faas.pool.queue\"?")]
    [InlineData("faas.drain-timeout = 3", 1, "\"faas.drain-timeout\": no such setting; did you mean \"faas.http.drain-timeout\"?")]
    [InlineData("faas.pool.zzz = 3", 1, "\"faas.pool.zzz\": no such setting.")]
    [InlineData("faas.pool.spares = 2", 1, "\"faas.pool.spares\" is a section, not a value.")]
    [InlineData("faas.pool.running { max = 2 }", 1, "\"faas.pool.running\" is a value, not a section.")]
    [InlineData("faas.pool.running.max = 2", 1, "\"faas.pool.running.max\": no such setting; did you mean \"faas.pool.running\"?")]
    [InlineData("fass { pool { queue = 3 } }", 1, "\"fass\": no such section; did you mean \"faas\"?")]
    [InlineData("pool.queue = 3", 1, "\"pool.queue\": no such setting; did you mean \"faas.pool.queue\"?")]
    public void A_key_that_does_not_exist_is_refused_with_its_line_and_the_one_that_was_meant(string overrides, int line, string why)
    {
        Override(overrides);
        Assert.Equal($"{_environment["FAAS_CONFIG"]}, line {line}: {why}", Refusal());
    }

    [Fact]
    public void A_key_that_is_set_twice_is_refused_because_one_of_the_two_would_not_count()
    {
        Override("faas.pool.queue = 3\nfaas {\n  pool {\n    queue = 4\n  }\n}");
        Assert.Equal($"{_environment["FAAS_CONFIG"]}: \"faas.pool.queue\" is set twice, in lines 1 and 4.", Refusal());
    }

    [Fact]
    public void The_environment_wins_over_every_file()
    {
        Set(("HTTP_PORT", "9001"), ("MY_QUEUE", "7"), ("TIMEOUT_SCRIPT", ""));
        Override("faas.http.port = 9002\nfaas.sandbox.timeout = 4\nfaas.pool.queue = ${?MY_QUEUE}\nfaas.pool.queue = 5");
        var options = Load();
        Assert.Equal((9001, TimeSpan.FromSeconds(4), 7), (options.Http.Port, options.Sandbox.Timeout, options.Pool.Queue));
    }

    [Theory]
    [InlineData("FAAS_POOL_RUNING", "did you mean FAAS_POOL_RUNNING?")]
    [InlineData("FAAS_SOMETHING_ELSE", "no such setting.")]
    public void A_variable_that_looks_like_ours_and_is_not_is_refused(string name, string why)
    {
        Set((name, "4"));
        Assert.StartsWith($"the environment variable {name}: no such setting", Refusal(), StringComparison.Ordinal);
        Assert.EndsWith(why, Refusal(), StringComparison.Ordinal);

        _environment.Clear();
        File.WriteAllText(Path.Combine(_folder, ".env"), $"{name}=4");
        Assert.StartsWith($"{name} in {_folder}/.env: no such setting", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_of_the_command_line_are_none_of_ours()
    {
        Set(("FAAS_SERVER", "http://localhost:9090"), ("FAAS_KEY", "secret"));
        Assert.Equal(8080, Load().Http.Port);
    }

    [Fact]
    public void Variables_that_Kubernetes_sets_for_a_service_of_our_name_are_none_of_ours()
    {
        Set(
            ("FAAS_SERVICE_HOST", "10.0.0.1"),
            ("FAAS_SERVICE_PORT_HTTP", "80"),
            ("FAAS_PORT", "tcp://10.0.0.1:80"),
            ("FAAS_PORT_80_TCP", "tcp://10.0.0.1:80"));
        Assert.Equal(8080, Load().Http.Port);
    }

    [Theory]
    [InlineData("HTTP_PORT 9001", "line 1: not an assignment")]
    [InlineData("# mine\nHTTP_PORT=9001\nTIMEOUT: 5", "line 3: not an assignment")]
    [InlineData("HTTP_PORT=1\nexport HTTP_PORT=2", "HTTP_PORT is set twice, in lines 1 and 2.")]
    public void A_line_of_a_dotenv_file_that_sets_nothing_is_refused(string text, string why)
    {
        File.WriteAllText(Path.Combine(_folder, ".env"), text);
        Assert.StartsWith(Path.Combine(_folder, ".env"), Refusal(), StringComparison.Ordinal);
        Assert.Contains(why, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_without_a_Redis_is_refused_and_not_shown()
    {
        Set(("REDIS_PASSWORD", "hunter2"));
        Assert.Equal(
            "faas.store.redis.password = \"(not shown)\": allowed is nothing as long as faas.store.redis.host (REDIS_HOST) names no Redis "
            + "server. It comes from the environment variable REDIS_PASSWORD.",
            Refusal());
    }

    [Theory]
    [InlineData("CODE_MAX_SIZE", "64k", 65536)]
    [InlineData("CODE_MAX_SIZE", "1000", 1000)]
    [InlineData("CODE_MAX_SIZE", "", 262144)]
    public void A_size_takes_units_and_an_empty_variable_is_not_set(string name, string value, int bytes)
    {
        Set((name, value));
        Assert.Equal(bytes, Load().Http.CodeMaxBytes);
    }

    [Fact]
    public void The_effective_settings_know_where_each_was_written()
    {
        Set(("HTTP_PORT", "9001"));
        Override("# mine\nfaas.pool.queue = 5");
        var values = FaasConfiguration.Read(_folder, AppContext.BaseDirectory, _environment).Values;
        Assert.Equal(
            ("the environment variable HTTP_PORT", $"{_environment["FAAS_CONFIG"]}, line 2", null),
            (values["faas.http.port"].Origin, values["faas.pool.queue"].Origin, values["faas.pool.starts"].Origin));
    }

    [Fact]
    public void An_override_file_that_is_missing_is_said_to_be()
    {
        Set(("FAAS_CONFIG", "nowhere.conf"));
        Assert.Contains(Path.Combine(_folder, "nowhere.conf"), Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_file_that_is_a_folder_is_said_to_be()
    {
        Set(("FAAS_CONFIG", _folder));
        Assert.Equal($"FAAS_CONFIG = \"{_folder}\": this is a folder; name a file.", Refusal());
    }

    [Theory]
    [InlineData(
        "HTTP_PORT",
        "eighty",
        "faas.http.port = \"eighty\": allowed is a whole number from 0 to 65535. It comes from the environment variable HTTP_PORT.")]
    [InlineData(
        "HTTP_HOST",
        "example.org",
        "faas.http.host = \"example.org\": allowed is an IP address, localhost, or * for every address. It comes from the environment variable HTTP_HOST.")]
    [InlineData(
        "HTTP_HOST",
        "1",
        "faas.http.host = \"1\": allowed is an IP address, localhost, or * for every address. It comes from the environment variable HTTP_HOST.")]
    [InlineData("MAX_MEMORY", "lots", "faas.sandbox.memory = \"lots\"")]
    [InlineData("REDIS_DB", "-1", "faas.store.redis.database = \"-1\"")]
    [InlineData("TIMEOUT_SCRIPT", "0", "faas.sandbox.timeout = \"0\"")]
    [InlineData("CODE_MAX_SIZE", "huge", "faas.http.code-max-size = \"huge\"")]
    public void A_wrong_value_says_its_key_itself_what_is_allowed_and_where_it_came_from(string variable, string value, string line)
    {
        Set((variable, value));
        var refusal = Refusal();
        Assert.StartsWith(line, refusal, StringComparison.Ordinal);
        Assert.EndsWith($"It comes from the environment variable {variable}.", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [Fact]
    public void A_wrong_value_of_a_dotenv_file_names_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, ".env"), "MAX_CPUS=many");
        Assert.EndsWith($"It comes from MAX_CPUS in {Path.Combine(_folder, ".env")}.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_value_of_a_file_names_the_file_and_its_line()
    {
        Override("\nfaas.pool.running = none");
        Assert.Equal(
            "faas.pool.running = \"none\": allowed is a whole number from 0 to 1000. "
            + $"It comes from {_environment["FAAS_CONFIG"]}, line 2.",
            Refusal());
    }

    [Fact]
    public void A_setting_that_was_retired_is_refused_with_what_replaces_it()
    {
        const string Replacement = "no such setting any more; "
            + "faas.pool.running (FAAS_POOL_RUNNING) bounds the runs at once, faas.pool.sandboxes and faas.pool.memory the sandboxes alive.";
        Override("faas.pool.size = 3");
        Assert.Equal($"{_environment["FAAS_CONFIG"]}, line 1: \"faas.pool.size\": {Replacement}", Refusal());

        _environment.Clear();
        Set(("FAAS_POOL_SIZE", "3"));
        Assert.Equal($"the environment variable FAAS_POOL_SIZE: {Replacement}", Refusal());
    }

    [Fact]
    public void Without_settings_the_pool_takes_its_bounds_from_the_machine()
    {
        var pool = Load().Pool;

        Assert.Equal(4 * Environment.ProcessorCount, pool.Running);
        Assert.InRange(pool.MemoryBytes, 16 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Theory]
    [InlineData("/usr/k", "/usr")]
    [InlineData("/usr/local/../share/k", "/usr")]
    [InlineData("/lib64/k", "/")]
    public void A_key_file_where_sandboxes_can_read_stops_the_start(string file, string folder)
    {
        Set(("FAAS_SECRETS_KEY_FILE", file));
        Assert.StartsWith(
            $"faas.secrets.key-file = \"{file}\": allowed is a file outside of {folder}", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_names_images_and_an_image_that_comes_or_goes_is_a_change_of_its_keys()
    {
        var before = FaasConfiguration.Read(_folder, AppContext.BaseDirectory, _environment);
        Override(
            "faas.images { data { runtime = python, packages = [\"/usr\"], preload = [numpy, \"a.b\"] } }\n"
            + "faas.images.web.runtime = node");
        var now = FaasConfiguration.Read(_folder, AppContext.BaseDirectory, _environment);

        Assert.Equal(["data", "web"], now.Options.Sandbox.Images.All.Select(image => image.Name));
        Assert.Equal(["numpy", "a.b"], now.Options.Pool.Images.All[0].Preload);
        Assert.Empty(before.Options.Sandbox.Images.All);
        SettingChange[] comes =
        [
            new("faas.images.data.runtime", "(not set)", "python"), new("faas.images.data.packages", "(not set)", "/usr"),
            new("faas.images.data.preload", "(not set)", "numpy, a.b"), new("faas.images.web.runtime", "(not set)", "node"),
        ];
        Assert.Equal(comes, SettingChange.Between(before, now));
        Assert.Equal(comes.Select(change => change with { From = change.To, To = change.From }), SettingChange.Between(now, before));
        Assert.All(comes, change => Assert.False(change.IsLive));
    }

    [Theory]
    [InlineData("faas.images.data = python", "\"faas.images.data\" is a section, not a value.")]
    [InlineData("faas.images.data.runtime.x = 1", "\"faas.images.data.runtime.x\": no such setting; those of an image are runtime, packages, preload, spares.")]
    [InlineData("faas.images.data.runtime { }", "\"faas.images.data.runtime\" is a value, not a section.")]
    [InlineData("faas.images.data { }", "line 1: \"faas.images.data\" has no settings; an image needs runtime.")]
    [InlineData("faas.images {\n  data { }\n}", "line 2: \"faas.images.data\" has no settings; an image needs runtime.")]
    [InlineData("faas.images.data.modules = [a]", "\"faas.images.data.modules\": no such setting; those of an image are runtime, packages, preload, spares.")]
    [InlineData("faas.images.data.packages = [\"/nowhere\"]", "faas.images.data.runtime = (missing): allowed is to be set.")]
    public void An_image_that_is_written_wrongly_stops_the_start(string line, string why)
    {
        Override(line);
        Assert.Contains(why, Refusal(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Keys =>
        [.. KnownKeys.Of(
            HoconReader.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon/faas.conf")), "faas.conf").Entries).All];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_documented_key_is_read(string key)
    {
        // No key allows this but those that take any text.
        Override($"{key} = \"?\"");
        string[] texts = ["faas.store.key-prefix", "faas.store.redis.configuration", "faas.store.redis.host", "faas.store.redis.password", "faas.store.embedded.data-dir", "faas.store.embedded.executable",
            "faas.secrets.key-file", "faas.libraries.folder", "faas.network.authority-file",
            "faas.cluster.tls.certificate", "faas.cluster.tls.key", "faas.cluster.tls.authority",
            "faas.sandbox.bubblewrap", "faas.sandbox.python", "faas.sandbox.node", "faas.sandbox.esbuild", "faas.sandbox.runtimes-dir"];
        if (texts.Contains(key))
        {
            Assert.NotEqual(Without(key), Load() with { Hocon = Without(key).Hocon });
        }
        else
        {
            // A key is a secret, and so is what somebody took for one.
            var shown = key switch { "faas.http.api-keys" => "key 1 of 1, not shown", "faas.store.redis.url" or "faas.callbacks.secret" => "(not shown)", _ => "?" };
            Assert.StartsWith($"{key} = \"{shown}\": allowed is ", Refusal(), StringComparison.Ordinal);
        }
    }

    // The defaults; a Redis password shows only next to a Redis host.
    private static FaasOptions Without(string key) => FaasConfiguration.Load(
        AppContext.BaseDirectory,
        AppContext.BaseDirectory,
        key.EndsWith("password", StringComparison.Ordinal) ? new Dictionary<string, string> { ["REDIS_HOST"] = "redis" } : []);

    private void Set(params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            _environment[name] = value;
        }
    }

    private void Override(string hocon)
    {
        var file = Path.Combine(_folder, "over.conf");
        File.WriteAllText(file, hocon);
        Set(("FAAS_CONFIG", file));
        if (hocon.Contains("redis.password", StringComparison.Ordinal))
        {
            Set(("REDIS_HOST", "redis"));
        }
    }

    private FaasOptions Load() => FaasConfiguration.Load(_folder, AppContext.BaseDirectory, _environment);

    private string Refusal() => Assert.Throws<SettingException>(Load).Message;
}
