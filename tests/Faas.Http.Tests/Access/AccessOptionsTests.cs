using Faas.Actors.Configuration;
using Faas.Http.Access;
using Faas.Http.Configuration;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class AccessOptionsTests : IDisposable
{
    private const string First = "a:invoke:0123456789abcdef";
    private const string Second = "b:write+invoke:fedcba9876543210";
    private readonly string _folder = TestFolder.Create("faas-access-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void As_shipped_there_is_no_key_no_limit_and_nobody_but_this_machine()
    {
        var access = Load("").Http.Access;
        Assert.Equal(new AccessOptions(KeyRing.Empty, false, new RateLimit(0, 20), access.Origins), access);
        Assert.Equal((false, 0), (access.Origins.Any, access.Origins.Origins.Count));
        Assert.True(access.IsForThisMachineOnly);
    }

    [Theory]
    [InlineData($"{First},{Second}")]
    [InlineData($" {First} ,\t{Second} ")]
    public void Keys_stand_in_one_variable_with_commas_between_them(string line) =>
        Assert.Equal(KeyRing.Parse("", [First, Second]), Load("", ("FAAS_API_KEYS", line)).Http.Access.Keys);

    [Fact]
    public void Keys_stand_in_a_list_or_in_one_line_of_a_file()
    {
        var both = KeyRing.Parse("", [First, Second]);
        Assert.Equal(both, Load($"faas.http.api-keys = [\"{First}\", \"{Second}\"]").Http.Access.Keys);
        Assert.Equal(
            both, Load($"faas {{\n  http {{\n    api-keys = [\n      \"{First}\"\n      \"{Second}\"\n    ]\n  }}\n}}").Http.Access.Keys);
        Assert.Equal(both, Load($"faas.http.api-keys = \"{First},{Second}\"").Http.Access.Keys);
    }

    [Fact]
    public void The_variable_wins_over_the_file_of_the_operator_and_an_empty_variable_is_none()
    {
        Assert.Equal(KeyRing.Parse("", [Second]), Load($"faas.http.api-keys = [\"{First}\"]", ("FAAS_API_KEYS", Second)).Http.Access.Keys);
        Assert.Equal(KeyRing.Parse("", [First]), Load($"faas.http.api-keys = [\"{First}\"]", ("FAAS_API_KEYS", "")).Http.Access.Keys);
        Assert.True(Load("", ("FAAS_API_KEYS", " ")).Http.Access.Keys.IsEmpty);
        Assert.True(Load("faas.http.api-keys = []").Http.Access.Keys.IsEmpty);
    }

    [Theory]
    [InlineData("a:invoke:0123456789")]
    [InlineData($"{First},")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef:invoke:a")]
    public void A_wrong_key_is_named_by_its_place_and_origin_and_never_shown(string line)
    {
        var refusal = Refusal("", ("FAAS_API_KEYS", line));
        Assert.StartsWith("faas.http.api-keys = \"key ", refusal, StringComparison.Ordinal);
        Assert.Contains(", not shown\": allowed is name:scope+scope:secret", refusal, StringComparison.Ordinal);
        Assert.EndsWith("It comes from the environment variable FAAS_API_KEYS.", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", refusal, StringComparison.Ordinal);
        var ofFile = Refusal($"faas.http.api-keys = [\"{line}\", \"{Second}\"]");
        Assert.StartsWith(
            "faas.http.api-keys = \"key 1 of 2, not shown\": allowed is name:scope+scope:secret",
            Refusal("faas.http.api-keys = [\"a:invoke:0123456789\", \"b\"]"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", ofFile, StringComparison.Ordinal);
        Assert.DoesNotContain("environment", ofFile, StringComparison.Ordinal);
        Assert.EndsWith("over.conf, line 1.", ofFile, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("::1", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("*", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    public void Without_a_key_only_loopback_is_served_unless_it_is_written_out(string host, bool isLoopback)
    {
        if (isLoopback)
        {
            Assert.True(Load("", ("HTTP_HOST", host)).Http.Access.IsForThisMachineOnly);
        }
        else
        {
            Assert.Equal(
                $"faas.http.host = \"{host}\": allowed is a loopback address (127.0.0.1, ::1, localhost) as long as there is no key; "
                + "set faas.http.api-keys (FAAS_API_KEYS), or faas.http.allow-anonymous = true to serve whoever reaches it. "
                + "It comes from the environment variable HTTP_HOST.",
                Refusal("", ("HTTP_HOST", host)));
        }

        Assert.False(Load("", ("HTTP_HOST", host), ("FAAS_API_KEYS", First)).Http.Access.IsForThisMachineOnly);
        Assert.False(Load("faas.http.allow-anonymous = true", ("HTTP_HOST", host)).Http.Access.IsForThisMachineOnly);
    }

    [Theory]
    [InlineData("https://app.example.org, http://127.0.0.1:3000,null")]
    [InlineData("https://app.example.org")]
    public void Sites_whose_pages_may_call_stand_in_a_list(string origins)
    {
        var access = Load("", ("FAAS_CORS_ORIGINS", origins)).Http.Access;
        Assert.All(origins.Split(','), origin => Assert.True(access.AllowsPageOf(origin.Trim())));
        Assert.False(access.AllowsPageOf("https://other.example.org"));
    }

    [Theory]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://App.example.org")]
    [InlineData("https://app.example.org:443")]
    [InlineData("ftp://app.example.org")]
    [InlineData("https://*.example.org")]
    public void A_site_is_written_as_browsers_write_it(string origin) => Assert.StartsWith(
        $"faas.http.cors-origins = \"{origin}\": allowed is scheme://host", Refusal(
            "", ("FAAS_CORS_ORIGINS", origin)), StringComparison.Ordinal);

    [Fact]
    public void Every_site_may_call_only_where_a_caller_needs_a_key()
    {
        Assert.StartsWith(
            "faas.http.cors-origins = \"*\": allowed is a list of sites as long as there is no key",
            Refusal("", ("FAAS_CORS_ORIGINS", "*")),
            StringComparison.Ordinal);
        Assert.True(Load("", ("FAAS_CORS_ORIGINS", "*"), ("FAAS_API_KEYS", First)).Http.Access.AllowsPageOf("https://other.example.org"));
    }

    [Fact]
    public void Keys_and_anonymous_callers_exclude_each_other() => Assert.StartsWith(
        "faas.http.allow-anonymous = \"true\": allowed is false while faas.http.api-keys has keys.",
        Refusal("faas.http.allow-anonymous = true", ("FAAS_API_KEYS", First)),
        StringComparison.Ordinal);

    [Fact]
    public void A_rate_too_small_to_count_is_refused() =>
        Assert.StartsWith(
            "faas.http.rate-limit.requests-per-second = \"0.001\": allowed is 0 for no limit",
            Refusal("faas.http.rate-limit.requests-per-second = 0.001"),
            StringComparison.Ordinal);

    [Fact]
    public void What_the_actor_system_gets_holds_no_secret()
    {
        var options = Load(
            $"faas.http.api-keys = [\"{First}\"]\nakka.loglevel = INFO\nakka {{ actor.ask-timeout = 3s }}",
            ("REDIS_HOST", "redis"),
            ("REDIS_PASSWORD", "0123456789"));
        Assert.Equal(("INFO", "3s"), (options.Hocon.GetString("akka.loglevel"), options.Hocon.GetString("akka.actor.ask-timeout")));
        Assert.False(options.Hocon.HasPath("faas"));
        Assert.DoesNotContain("0123456789", options.Hocon.ToString(), StringComparison.Ordinal);
        Assert.True(Load("").Hocon.IsEmpty);
    }

    private FaasOptions Load(string overrides, params (string Name, string Value)[] environment)
    {
        var file = Path.Combine(_folder, "over.conf");
        File.WriteAllText(file, overrides);
        return FaasConfiguration.Load(
            _folder,
            AppContext.BaseDirectory,
            environment.Append(("FAAS_CONFIG", file)).ToDictionary(variable => variable.Item1, variable => variable.Item2));
    }

    private string Refusal(string overrides, params (string Name, string Value)[] environment) =>
        Assert.Throws<SettingException>(() => Load(overrides, environment)).Message;
}
