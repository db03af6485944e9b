using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Seccomp;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Seccomp;

public sealed class SeccompFilterTests : OwnFolder
{
    private const ulong UpperHalf = 0xdead_beef_0000_0000;
    private const int Eperm = 1;
    private const int Enosys = 38;
    private const int Eafnosupport = 97;
    private static readonly string[] s_newerThanLibseccomp = ["fchmodat2", "futex_requeue", "futex_wait", "futex_wake", "map_shadow_stack"];
    private readonly SeccompProgram _filter;

    public SeccompFilterTests() => _filter = new SeccompProgram(Write("filter"));

    [Fact]
    public void The_same_filter_comes_out_each_time() => Assert.Equal(Write("one"), Write("two"));

    [Fact]
    public void A_file_that_was_longer_is_written_over()
    {
        var path = MakeFile("long", new string('x', 1 << 20));

        SeccompFilter.Write(path);

        Assert.Equal(Write("short"), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("execve")]
    [InlineData("fork")]
    [InlineData("futex")]
    [InlineData("mmap")]
    [InlineData("openat")]
    [InlineData("memfd_create")]
    [InlineData("kill")]
    [InlineData("prlimit64")]
    public void What_programs_live_on_is_allowed(string name) => Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number(name)));

    [Theory]
    [InlineData("bpf")]
    [InlineData("chroot")]
    [InlineData("keyctl")]
    [InlineData("add_key")]
    [InlineData("request_key")]
    [InlineData("mount")]
    [InlineData("umount2")]
    [InlineData("move_mount")]
    [InlineData("fsopen")]
    [InlineData("open_tree")]
    [InlineData("mount_setattr")]
    [InlineData("pivot_root")]
    [InlineData("setns")]
    [InlineData("unshare")]
    [InlineData("ptrace")]
    [InlineData("process_vm_readv")]
    [InlineData("process_vm_writev")]
    [InlineData("perf_event_open")]
    [InlineData("userfaultfd")]
    [InlineData("open_by_handle_at")]
    [InlineData("init_module")]
    [InlineData("finit_module")]
    [InlineData("kexec_load")]
    [InlineData("reboot")]
    [InlineData("swapon")]
    public void What_only_exploits_need_is_forbidden(string name) => Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number(name)));

    [Theory]
    [InlineData("clone3")]
    [InlineData("io_setup")]
    [InlineData("pidfd_getfd")]
    [InlineData("kcmp")]
    [InlineData("memfd_secret")]
    [InlineData("process_madvise")]
    [InlineData("fanotify_init")]
    [InlineData("remap_file_pages")]
    [InlineData("vmsplice")]
    [InlineData("sync")]
    [InlineData("seccomp")]
    [InlineData("personality")]
    [InlineData("mbind")]
    [InlineData("settimeofday")]
    [InlineData("adjtimex")]
    [InlineData("sethostname")]
    [InlineData("io_uring_setup")]
    [InlineData("io_uring_enter")]
    [InlineData("io_uring_register")]
    public void What_nobody_needs_is_unknown(string name) => Assert.Equal(SeccompProgram.Errno(Enosys), _filter.Judge(Number(name)));

    [Fact]
    public void A_call_that_Linux_may_get_one_day_is_unknown() => Assert.Equal(SeccompProgram.Errno(Enosys), _filter.Judge(999));

    [Fact]
    public void Every_name_of_the_list_is_one_of_a_system_call_and_stands_there_once()
    {
        var names = AllowedCalls.Groups.SelectMany(group => group.Names).ToList();

        Assert.Equal(names.Distinct(), names);
        Assert.All(AllowedCalls.Groups, group => Assert.Equal(group.Names.Order(StringComparer.Ordinal), group.Names));
        Assert.Empty(names.Where(name => LibSeccomp.Resolve(name) == -1).Except(s_newerThanLibseccomp));
        Assert.All(
            names.Select(LibSeccomp.Resolve).Where(number => number >= 0),
            number => Assert.Equal(SeccompProgram.Allow, _filter.Judge(number)));
    }

    [Theory]
    [InlineData("shmget")]
    [InlineData("semget")]
    [InlineData("msgget")]
    [InlineData("mq_open")]
    public void What_would_outlive_an_invocation_is_unknown(string name) =>
        Assert.Equal(SeccompProgram.Errno(Enosys), _filter.Judge(Number(name)));

    [Theory]
    [InlineData("setpriority", 1)]
    [InlineData("ioprio_set", 1)]
    [InlineData("sched_setaffinity", 0)]
    [InlineData("sched_setattr", 0)]
    [InlineData("sched_setparam", 0)]
    [InlineData("sched_setscheduler", 0)]
    public void A_process_changes_its_own_standing_and_nobody_elses(string name, int who)
    {
        ulong[] own = [0, 0, 0];
        ulong[] zygote = [.. own.Select((value, argument) => argument == who ? 1ul : value)];

        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number(name), own));
        Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number(name), zygote));
    }

    [Fact]
    public void Anothers_limits_may_be_read_and_not_set()
    {
        const ulong somewhere = 0x7fff_0000_1000;

        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("prlimit64"), 0, 7, somewhere, somewhere));
        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("prlimit64"), 1, 7, 0, somewhere));
        Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number("prlimit64"), 1, 7, somewhere, 0));
    }

    [Theory]
    [InlineData(0x00020000ul)] // NEWNS
    [InlineData(0x02000000ul)] // NEWCGROUP
    [InlineData(0x04000000ul)] // NEWUTS
    [InlineData(0x08000000ul)] // NEWIPC
    [InlineData(0x10000000ul)] // NEWUSER
    [InlineData(0x20000000ul)] // NEWPID
    [InlineData(0x40000000ul)] // NEWNET
    public void No_process_is_born_into_a_namespace_of_its_own(ulong flag)
    {
        const ulong sigchld = 17;
        const ulong thread = 0x3d0f00; // the flags of pthread_create

        Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number("clone"), flag | sigchld));
        Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number("clone"), flag | thread | UpperHalf));
        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("clone"), sigchld));
        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("clone"), thread));
    }

    [Fact]
    public void Sockets_are_of_the_four_families_that_programs_ask_for()
    {
        var allowed = Enumerable.Range(0, 100)
            .Select(family => (ulong)family)
            .Where(family => _filter.Judge(Number("socket"), family, 1, 0) == SeccompProgram.Allow);

        Assert.Equal([1ul, 2ul, 10ul, 16ul], allowed); // UNIX, INET, INET6, NETLINK
        Assert.Equal(SeccompProgram.Errno(Eafnosupport), _filter.Judge(Number("socket"), 17, 3, 0)); // PACKET
    }

    [Fact]
    public void Pairs_of_sockets_are_local()
    {
        var allowed = Enumerable.Range(0, 100)
            .Select(family => (ulong)family)
            .Where(family => _filter.Judge(Number("socketpair"), family, 1, 0) == SeccompProgram.Allow);

        Assert.Equal([1ul], allowed);

        // For TIPC the kernel would load a module.
        Assert.Equal(SeccompProgram.Errno(Eafnosupport), _filter.Judge(Number("socketpair"), 30, 1, 0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Of_the_internets_protocols_no_module_is_loaded(ulong family)
    {
        var allowed = Enumerable.Range(0, 300)
            .Select(protocol => (ulong)protocol)
            .Where(protocol => _filter.Judge(Number("socket"), family, 1, protocol) == SeccompProgram.Allow);

        Assert.Equal([0ul, 1ul, 6ul, 17ul, 58ul], allowed); // the default one, ICMP, TCP, UDP, ICMPv6
    }

    [Fact]
    public void Of_netlink_only_the_routes_are_left()
    {
        var allowed = Enumerable.Range(0, 32)
            .Select(protocol => (ulong)protocol)
            .Where(protocol => _filter.Judge(Number("socket"), 16, 3, protocol) == SeccompProgram.Allow);

        Assert.Equal([0ul], allowed);
    }

    [Fact]
    public void Garbage_in_the_upper_half_of_an_argument_does_not_slip_by()
    {
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("socket"), 17 | UpperHalf, 3, 0));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("socket"), 16 | UpperHalf, 3, 4 | UpperHalf));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("socketpair"), 30 | UpperHalf, 1, 0));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("socket"), 2 | UpperHalf, 1, 132 | UpperHalf));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("ioctl"), 0, 0x5412 | UpperHalf));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("ioctl"), 0, 0x541c | UpperHalf));
        Assert.NotEqual(SeccompProgram.Allow, _filter.Judge(Number("setpriority"), 0, 1 | UpperHalf));
    }

    [Theory]
    [InlineData(0x5412ul)] // TIOCSTI
    [InlineData(0x541cul)] // TIOCLINUX
    public void Nobody_types_into_a_terminal(ulong request)
    {
        Assert.Equal(SeccompProgram.Errno(Eperm), _filter.Judge(Number("ioctl"), 0, request));
        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("ioctl"), 0, 0x5413)); // TIOCGWINSZ
    }

    [Fact]
    public void To_be_left_out_of_forks_is_granted_and_not_done()
    {
        Assert.Equal(SeccompProgram.Errno(0), _filter.Judge(Number("madvise"), 0x1000, 0x1000, 10));
        Assert.Equal(SeccompProgram.Allow, _filter.Judge(Number("madvise"), 0x1000, 0x1000, 4)); // MADV_DONTNEED
    }

    [Theory]
    [InlineData(0x40000003u)] // i386
    [InlineData(0x40000028u)] // arm
    public void Calls_of_a_foreign_architecture_kill(uint architecture) =>
        Assert.Contains(_filter.Judge(architecture, 0), SeccompProgram.Kill);

    // A second copy of the assembly resolves its native libraries again.
    [Fact]
    public void Without_libseccomp_it_says_what_to_install()
    {
        var context = new AssemblyLoadContext(nameof(Without_libseccomp_it_says_what_to_install), isCollectible: true);
        try
        {
            var copy = context.LoadFromAssemblyPath(typeof(SeccompFilter).Assembly.Location);
            NativeLibrary.SetDllImportResolver(copy, (name, _, _) => throw new DllNotFoundException(name));
            var write = copy.GetType(typeof(SeccompFilter).FullName!)!.GetMethod(nameof(SeccompFilter.Write))!;

            var refused = Assert.Throws<TargetInvocationException>(
                () => write.Invoke(null, [Path.Combine(Folder, "none")])).InnerException!;

            Assert.Equal(typeof(SandboxStartException).FullName, refused.GetType().FullName);
            Assert.StartsWith("libseccomp.so.2 is missing; install libseccomp2", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            context.Unload();
        }
    }

    private static int Number(string name)
    {
        var number = LibSeccomp.Resolve(name);
        Assert.True(number != -1, $"{name} is no system call");
        return number;
    }

    private byte[] Write(string name)
    {
        var path = Path.Combine(Folder, name);
        SeccompFilter.Write(path);
        return File.ReadAllBytes(path);
    }
}
